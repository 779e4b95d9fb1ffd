/** List prices of us-east-1 in USD, on demand, without a free tier; S3 and data transfer are not in them. */
const prices = {
  sqsCall: 0.4 / 1e6,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000166667,
} as const;

/** The memory that a function of this job would be given: it waits for an API, so little. */
const MEMORY_GB = 0.25;

/** What a run used. */
export interface Usage {
  readonly sqsCalls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly invocations: number;
  /** All of them together, in ms. */
  readonly invocationMs: number;
}

/** What the calls that a run made would have cost. */
export function costUsd({ sqsCalls, writeUnits, readUnits, invocations, invocationMs }: Usage): number {
  const cost =
    sqsCalls * prices.sqsCall +
    writeUnits * prices.writeUnit +
    readUnits * prices.readUnit +
    invocations * prices.lambdaRequest +
    (invocationMs / 1_000) * MEMORY_GB * prices.lambdaGbSecond;
  return Math.round(cost * 1e6) / 1e6;
}
