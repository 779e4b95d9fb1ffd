/** How Lambda scales an SQS event source mapping. */
const STARTING_CONCURRENCY = 5;
const MORE_PER_MINUTE = 300;
const MAX_CONCURRENCY = 1_250;

/** How many invocations Lambda's pollers run at once, `elapsedMs` after a backlog appeared: 5, then 300 more a minute, up to 1,250. */
export function concurrencyAt(elapsedMs: number): number {
  const more = Math.floor((Math.max(0, elapsedMs) / 60_000) * MORE_PER_MINUTE);
  return Math.min(MAX_CONCURRENCY, STARTING_CONCURRENCY + more);
}
