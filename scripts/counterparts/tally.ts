import type { Report } from './runSuites.js';
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

interface Test {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
}

function testsOf({ testResults }: Report): Test[] {
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ file, name: fullName, passed: status === 'passed' })),
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

/** Counts the tests by suite and implementation, and says what is wrong: too few passed, too few ran, or nobody counted. */
export function tally(suites: readonly Suite[], reports: Reports): Tally {
  const counts = new Map(suites.map((suite) => [suite, countSuite(suite, reports)]));
  const problems: string[] = [];
  for (const [{ name }, byImplementation] of counts) {
    const numbers = Object.values(byImplementation).map(({ all }) => all);
    if (numbers.includes(0))
      problems.push(`${name}: ran nowhere near everywhere (${numbers.join(', ')} tests)`);
    else if (new Set(numbers).size > 1)
      problems.push(`${name}: ${numbers.join(', ')} tests are not the same`);
  }
  for (const [implementation, report] of Object.entries(reports)) {
    for (const test of report === undefined ? [] : testsOf(report)) {
      if (!test.passed) problems.push(`${implementation}: ${test.name} did not pass`);
      const isCounted = suites.some((suite) =>
        Object.values(suite.tests).some((begin) => belongs(test, suite, begin)),
      );
      if (!isCounted) problems.push(`${implementation}: ${test.name} belongs to no suite`);
    }
  }
  return { counts, problems };
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
