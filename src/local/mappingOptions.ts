import { expectInteger, invalidArgument } from '../arguments.js';

/** An event source mapping's settings, under AWS's names where it has them. */
export interface QueueMappingOptions {
  readonly queueUrl: string;
  /** A function that `local.lambda.register` made known. */
  readonly functionName: string;
  /** How many records one invocation gets at most: up to 10, or up to 10,000 for a standard queue with a window. @default 10 */
  readonly batchSize?: number;
  /** How long a batch may wait to become full, in ms (`MaximumBatchingWindowInSeconds`); not for FIFO queues. @default 0 */
  readonly batchingWindowMs?: number;
  /** How many invocations this mapping may run at once, from 2 to 1,000. @default as many as the function may */
  readonly maximumConcurrency?: number;
  /** `ReportBatchItemFailures`. Without it **failed records are deleted** when the function returns. @default true */
  readonly reportBatchItemFailures?: boolean;
  /** Lambda's own scaling: 5 invocations at once, then 300 more a minute, up to 1,250. @default false: all at once */
  readonly ramp?: boolean;
}

/** The settings, complete. */
export type QueueMapping = Required<Omit<QueueMappingOptions, 'maximumConcurrency'>> & {
  readonly maximumConcurrency: number;
  readonly fifo: boolean;
};

const MAX_WINDOW_MS = 300_000;
const MAX_BATCH = 10_000;
const RECEIVE_BATCH = 10;

/** Checks the settings as AWS does and fills in the defaults. */
export function mappingOptions(options: QueueMappingOptions): QueueMapping {
  const { queueUrl, functionName, batchSize = 10, batchingWindowMs = 0, maximumConcurrency } = options;
  if (typeof queueUrl !== 'string' || queueUrl === '') {
    throw invalidArgument('queueUrl', "a queue's URL", queueUrl);
  }
  const fifo = queueUrl.endsWith('.fifo');
  expectInteger('batchSize', batchSize, 1, fifo ? RECEIVE_BATCH : MAX_BATCH);
  expectInteger('batchingWindowMs', batchingWindowMs, 0, fifo ? 0 : MAX_WINDOW_MS);
  if (batchSize > RECEIVE_BATCH && batchingWindowMs < 1_000) {
    throw invalidArgument('batchingWindowMs', 'at least 1000 for a batchSize over 10', batchingWindowMs);
  }
  if (maximumConcurrency !== undefined) expectInteger('maximumConcurrency', maximumConcurrency, 2, 1_000);
  return {
    ...{ queueUrl, functionName, batchSize, batchingWindowMs, fifo },
    maximumConcurrency: maximumConcurrency ?? Number.POSITIVE_INFINITY,
    reportBatchItemFailures: options.reportBatchItemFailures ?? true,
    ramp: options.ramp ?? false,
  };
}
