import type { Report } from './readReport.js';
import { type Implementation, implementations, type Suite } from './suites.js';

/** How many of a suite's tests passed, and how many there were. */
export interface Count {
  readonly passed: number;
  readonly all: number;
}

export interface Tally {
  /** By suite and implementation; absent where a suite does not run. */
  readonly counts: ReadonlyMap<Suite, Partial<Record<Implementation, Count>>>;
  /** Why this run is no success, a sentence each; empty when it is one. */
  readonly problems: readonly string[];
}

/** The reports by the place that the tests ran at; the memory's tests are in every report, and the embedded one's count. */
export type Reports = Readonly<Record<Exclude<Implementation, 'memory'>, Report | undefined>>;

const hasFailed = ({ status }: { readonly status: string }): boolean => status !== 'passed';

interface Test {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
}

function testsOf({ testResults }: Report): Test[] {
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      file,
      name: fullName,
      passed: !hasFailed({ status }),
    })),
  );
}

const belongs = ({ file, name }: Test, suite: Suite, begin: string): boolean =>
  file.endsWith(suite.file) && name.startsWith(begin);

function countSuite(suite: Suite, reports: Reports): Partial<Record<Implementation, Count>> {
  const counts: Partial<Record<Implementation, Count>> = {};
  for (const implementation of implementations) {
    const begin = suite.tests[implementation];
    if (begin === undefined) continue;
    const report = reports[implementation === 'memory' ? 'embedded' : implementation];
    const tests = report === undefined ? [] : testsOf(report).filter((test) => belongs(test, suite, begin));
    counts[implementation] = { passed: tests.filter(({ passed }) => passed).length, all: tests.length };
  }
  return counts;
}

/** What is wrong with the numbers of a suite's tests. */
function mismatch({ name }: Suite, counts: Partial<Record<Implementation, Count>>): string[] {
  const numbers = new Set(Object.values(counts).map(({ all }) => all));
  if (numbers.size === 1 && !numbers.has(0)) return [];
  const listed = Object.entries(counts).map(([implementation, { all }]) => `${implementation} ${all}`);
  const what = numbers.has(0) ? 'no tests' : 'not the same tests everywhere';
  return [`${name}: ${what} (${listed.join(', ')})`];
}

/** What is wrong with a report: tests that did not pass, files that broke outside of any test, tests that nobody counts. */
function flaws(suites: readonly Suite[], report: Report): string[] {
  const isCounted = (test: Test) =>
    suites.some((suite) => Object.values(suite.tests).some((begin) => belongs(test, suite, begin)));
  const ofTests = testsOf(report).flatMap((test) => [
    ...(test.passed ? [] : [`${test.name} did not pass`]),
    ...(isCounted(test) ? [] : [`${test.name} belongs to no suite`]),
  ]);
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status !== 'passed' && !assertionResults.some(hasFailed),
  );
  return [...ofTests, ...brokenFiles.map(({ name }) => `${name} failed`)];
}

/** Counts the tests by suite and implementation, and says all that is wrong. */
export function tally(suites: readonly Suite[], reports: Reports): Tally {
  const counts = new Map(suites.map((suite) => [suite, countSuite(suite, reports)]));
  const mismatches = [...counts].flatMap(([suite, count]) => mismatch(suite, count));
  const ofReports = Object.entries(reports).flatMap(([implementation, report]) =>
    report === undefined ? [] : flaws(suites, report).map((flaw) => `${implementation}: ${flaw}`),
  );
  return { counts, problems: [...mismatches, ...ofReports] };
}

/** The counts as rows of a table. */
export function toTable({ counts }: Tally): Record<string, Record<string, string>> {
  const rows = [...counts].map(([{ name }, byImplementation]) => {
    const cells = implementations.map((implementation) => {
      const count = byImplementation[implementation];
      return [implementation, count === undefined ? '–' : `${count.passed} of ${count.all}`];
    });
    return [name, Object.fromEntries(cells)];
  });
  return Object.fromEntries(rows);
}
