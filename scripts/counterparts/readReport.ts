import { readFile } from 'node:fs/promises';

/** What the test runner says of a run, as far as it is read here. */
export interface Report {
  readonly testResults: readonly {
    /** The file. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What a report says: of all its test files, or of those that are asked for. */
export async function readReport(file: string, files?: readonly string[]): Promise<Report> {
  const { testResults } = JSON.parse(await readFile(file, 'utf8')) as Report;
  const isWanted = (name: string) => files?.some((wanted) => name.endsWith(`/${wanted}`)) ?? true;
  return { testResults: testResults.filter(({ name }) => isWanted(name)) };
}
