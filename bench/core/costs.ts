/** US dollars, us-east-1, on demand; see `docs/costs.md` for where each one applies. */
export const prices = {
  sqsRequest: 0.4 / 1e6,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  transition: 0.025 / 1e3,
  lambdaRequest: 0.2 / 1e6,
};

/** How many messages one call sends, receives, deletes; and how many items one invocation works off. */
const BATCH = 10;

/** Send, receive and delete, ten messages a call; messages of up to 6 KB, or a call is billed as several. */
export const sqsRequests = (items: number): number => 3 * Math.ceil(items / BATCH);

/** Publishing and receiving the items of a job, and calling the function that works them off. */
const queueDollars = (items: number): number =>
  sqsRequests(items) * prices.sqsRequest + Math.ceil(items / BATCH) * prices.lambdaRequest;

/** Items over SQS, counted by whatever writes and reads that much. */
export function queueJobDollars(
  items: number,
  { writeUnits, readUnits }: { readonly writeUnits: number; readonly readUnits: number },
): number {
  return queueDollars(items) + writeUnits * prices.writeUnit + readUnits * prices.readUnit;
}

/** `ADD settled 1` on one item, once for each item of the job. */
export const plainCounterDollars = (items: number): number =>
  queueJobDollars(items, { writeUnits: items, readUnits: 0 });

/** The Map state, and in each iteration one Task state that calls a function. */
export const inlineMapDollars = (items: number): number =>
  (1 + items) * prices.transition + items * prices.lambdaRequest;

/** The Map state, and a Standard child execution for each `batch` items: its start and its one Task state. */
export function distributedMapDollars(items: number, batch: number): number {
  const children = Math.ceil(items / batch);
  return (1 + 2 * children) * prices.transition + children * prices.lambdaRequest;
}

/** How many writes a second one partition of DynamoDB takes. */
export const PARTITION_WRITES = 1_000;
