import type { Flags } from '../flags.js';

/** The queue's: after so many receives a message goes to the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 3;

/** For retries within an invocation, in ms. */
const RETRY_MS = 1_500;
/**
 * For the worker's own margin before its deadline, and for a machine that is busy with all functions at once, in ms.
 * Under chaos it is also how long a killed worker's record stays hidden, and goes by how many there are at once.
 */
const SLACK_MS = 120_000;
const chaosSlackMs = (concurrency: number) => Math.max(4_000, 25 * concurrency);
/** What is expected of an API that we know nothing of, in ms. */
const FOREIGN_API_MS = 5_000;

/** The times that hang together: a record must stay hidden longer than the invocation that has it can run. */
export interface Limits {
  readonly workerTimeoutMs: number;
  /** AWS recommends six times the function's timeout; here a killed worker is to come back soon. */
  readonly visibilityTimeoutSeconds: number;
  readonly aggregatorTimeoutMs: number;
  readonly aggregatorVisibilitySeconds: number;
}

type Shape = Pick<Flags, 'batchSize' | 'concurrency' | 'workerConcurrency' | 'latencyMs' | 'api' | 'chaos'>;

export function limitsOf(shape: Shape, rows: number): Limits {
  const { batchSize, concurrency, workerConcurrency, latencyMs, api, chaos } = shape;
  const oneMs = (api === undefined ? latencyMs : Math.max(latencyMs, FOREIGN_API_MS)) + RETRY_MS;
  const workerTimeoutMs =
    Math.ceil(batchSize / workerConcurrency) * oneMs + (chaos ? chaosSlackMs(concurrency) : SLACK_MS);
  const aggregatorVisibilitySeconds = 10 + Math.ceil(rows / 1_000);
  return {
    workerTimeoutMs,
    visibilityTimeoutSeconds: Math.ceil(workerTimeoutMs / 1_000) + 1,
    aggregatorTimeoutMs: Math.min(900_000, aggregatorVisibilitySeconds * 1_000),
    aggregatorVisibilitySeconds,
  };
}

/** How many items can be in the workers' hands at once. */
export const capacityOf = ({ concurrency, batchSize, workerConcurrency }: Flags) =>
  concurrency * Math.min(batchSize, workerConcurrency);
