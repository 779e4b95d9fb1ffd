/** How many functions work at once, at most, whoever calls them. */
export const MOST_FUNCTIONS = 1_250;
/** How many calls the event source mapping of SQS makes at once in the beginning, and how many more each second. */
const FIRST_CALLS = 5;
const MORE_A_SECOND = 300 / 60;
/** What one item of DynamoDB takes. */
const WRITES_A_SECOND = 1_000;
/** How many iterations of an inline Map run at once. */
const INLINE_ITERATIONS = 40;
/** How many items a call carries, all of them worked on at once. */
const BATCH = 10;

/** The seconds until so many calls of one second each have been made, while the mapping still adds pollers. */
function rampSeconds(calls: number): number {
  const full = (MOST_FUNCTIONS - FIRST_CALLS) / MORE_A_SECOND;
  const until = (seconds: number) => FIRST_CALLS * seconds + (MORE_A_SECOND / 2) * seconds ** 2;
  if (calls > until(full)) return full + (calls - until(full)) / MOST_FUNCTIONS;
  return (Math.sqrt(FIRST_CALLS ** 2 + 2 * MORE_A_SECOND * calls) - FIRST_CALLS) / MORE_A_SECOND;
}

/** Items of one second each over SQS, ten in a call, counted by whatever does not hold them up. */
export const queueSeconds = (items: number): number => Math.max(1, rampSeconds(items / BATCH));

/** The same, counted one by one on a single item. */
export const plainCounterSeconds = (items: number): number =>
  Math.max(queueSeconds(items), items / WRITES_A_SECOND);

export const inlineMapSeconds = (items: number): number => Math.max(1, items / INLINE_ITERATIONS);

/** Children of `batch` items, all of them worked on at once. */
export const distributedMapSeconds = (items: number, batch: number): number =>
  Math.max(1, items / batch / MOST_FUNCTIONS);
