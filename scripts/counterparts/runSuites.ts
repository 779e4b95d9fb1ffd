import { rm } from 'node:fs/promises';
import type { Processes } from './processes.js';
import { type Report, readReport } from './readReport.js';

/** Whatever the caller's environment says: a suite goes elsewhere only where it is sent. */
const nowhere = {
  FANFOLD_DYNAMODB_ENDPOINT: '',
  FANFOLD_SQS_ENDPOINT: '',
  FANFOLD_SFN_ENDPOINT: '',
  FANFOLD_LAMBDA_PORT: '',
};

/**
 * Runs test files in a process of their own and resolves with the runner's report, whatever became of the tests.
 * Throws where there is none. The report stays in `out/reports`, where the sum of all is made.
 */
export async function runSuites(
  processes: Processes,
  leg: string,
  files: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const report = `out/reports/counterparts-${leg.toLowerCase()}.json`;
  // What an earlier run has left would be taken for this one's.
  await rm(report, { force: true });
  const flags = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const runner = ['node_modules/vitest/vitest.mjs', 'run', ...files, ...flags];
  let failure: unknown;
  await processes
    .run(process.execPath, runner, { output: 'inherit', environment: { ...nowhere, ...environment } })
    .catch((error) => {
      failure = error;
    });
  try {
    return await readReport(report);
  } catch (cause) {
    throw new Error(`the tests on ${leg} left no report`, { cause: failure ?? cause });
  }
}
