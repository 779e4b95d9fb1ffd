import type { Result } from './result.js';

export interface Evidence extends Omit<Result, 'broken'> {
  /** Rows that the first reading of the file found. */
  readonly rows: number;
  /** Messages still in any queue after the end. */
  readonly leftInQueues: number;
  /** The faults that this run was asked for, by name. */
  readonly faultsAskedFor: readonly string[];
}

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Holds what happened against what was promised; answers one sentence for each promise that was broken. */
export function brokenPromises(evidence: Evidence): string[] {
  const { rows, expected, succeeded, failed, timedOut, cancelled, notStarted, completions } = evidence;
  const { dashboard, failures, leftInQueues, faults, faultsAskedFor } = evidence;
  const accounted = succeeded + failed + timedOut + cancelled + notStarted;
  const promises: [held: boolean, broken: string][] = [
    [expected === rows, `every row is an item: ${rows} rows, ${expected} items`],
    [accounted === expected, `the counts add up: ${accounted} accounted for, ${expected} expected`],
    [notStarted === 0, `completion is not early: ${notStarted} items were never settled`],
    [completions === 1, `exactly one completion: ${completions}`],
    [dashboard.books === rows, `every row is in the dashboard: ${rows} rows, ${dashboard.books} books`],
    [sumOf(dashboard.decades) === rows, `every row is in a decade: ${sumOf(dashboard.decades)} of ${rows}`],
    [sumOf(dashboard.genres) === rows, `every row is in a genre: ${sumOf(dashboard.genres)} of ${rows}`],
    [failures.length <= failed, `only failed items are failures: ${failures.length} of ${failed}`],
    [leftInQueues === 0, `nothing is left in a queue: ${leftInQueues} messages are`],
    ...faultsAskedFor.map((name): [boolean, string] => [
      (faults[name] ?? 0) > 0,
      `the chaos that was asked for happened: ${name} did not`,
    ]),
  ];
  return promises.filter(([held]) => !held).map(([, broken]) => broken);
}
