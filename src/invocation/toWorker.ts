import type { FanIn } from '../aggregation/index.js';
import {
  expectFields,
  expectFunction,
  expectInteger,
  integer,
  invalidArgument,
  number,
} from '../arguments.js';
import { expectRetry } from '../fanout/index.js';
import { expectClient } from '../peers.js';
import { toCheck } from './checkInput.js';
import { createGuard } from './createGuard.js';
import type { WorkerQueue } from './postpone.js';
import type { ItemRunner } from './runItem.js';
import type { StandardSchema, StandardSchemaOutput } from './standardSchema.js';
import type { WorkerOptions } from './workerOptions.js';

/** The options of a worker, checked and with their defaults. */
export interface Worker<Input, Result> extends ItemRunner<Input, Result> {
  readonly concurrency: number;
  readonly deadlineMarginMs: number;
  /** Whether a permanent failure of an enveloped item is settled here, rather than left to the dead-letter queue. */
  readonly settlesPermanent: boolean;
  readonly fanIn: Pick<FanIn<Result>, 'settle' | 'recordFailure'> | undefined;
  readonly queue: WorkerQueue | undefined;
  /** `Infinity` when it is not known. */
  readonly maxReceiveCount: number;
  readonly items: ((payload: unknown) => readonly unknown[] | undefined) | undefined;
  readonly respond: WorkerOptions<StandardSchema, Result>['respond'];
  readonly throwsDirectly: boolean;
}

function expectOneOf(field: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.some((known) => known === value)) return;
  throw invalidArgument(field, allowed.map((known) => `'${known}'`).join(' or '), value);
}

function expectQueue(queue: WorkerQueue): void {
  const { client, queueUrl, maxPostponements = 1 }: Partial<WorkerQueue> = queue ?? {};
  expectInteger('queue.maxPostponements', maxPostponements, 0);
  if (client === undefined) throw invalidArgument('queue.client', 'a client of SQS', client);
  expectClient('queue.client', client, 'SQS');
  if (typeof queueUrl === 'string' && queueUrl !== '') return;
  throw invalidArgument('queue.queueUrl', "the queue's URL", queueUrl);
}

/** @throws FanfoldError `InvalidArgument` that names the option. */
export function toWorker<Schema extends StandardSchema, Result>(
  options: WorkerOptions<Schema, Result>,
): Worker<StandardSchemaOutput<Schema>, Result> {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options);
  const { input, process, retry, concurrency = 10, timeoutMs, deadlineMarginMs = 1_000, fanIn } = options;
  const { jobs, semaphore, queue, maxReceiveCount, items, respond, directFailure = 'return' } = options;
  const { onPermanentFailure = fanIn === undefined ? 'deadLetter' : 'settle' } = options;

  expectFunction('process', process);
  expectFields(options, {
    retry: expectRetry,
    concurrency: integer(1),
    timeoutMs: number(1),
    deadlineMarginMs: number(0),
    semaphore: expectFunction,
    maxReceiveCount: integer(1, 1_000),
    items: expectFunction,
    respond: expectFunction,
  });
  if (fanIn !== undefined && typeof fanIn?.settle !== 'function') {
    throw invalidArgument('fanIn', 'what createFanIn made', fanIn);
  }
  expectOneOf('onPermanentFailure', onPermanentFailure, ['settle', 'deadLetter']);
  if (onPermanentFailure === 'settle' && fanIn === undefined) {
    throw invalidArgument(
      'onPermanentFailure',
      "'deadLetter' for a worker without fanIn",
      onPermanentFailure,
    );
  }
  if (jobs !== undefined) {
    expectFunction('jobs.jobs.run', jobs?.jobs?.run);
    expectFunction('jobs.id', jobs.id);
  }
  if (queue !== undefined) expectQueue(queue);
  expectOneOf('directFailure', directFailure, ['return', 'throw']);

  return {
    // What a schema hands out is its inferred output by the contract of Standard Schema.
    check: toCheck('input', input as StandardSchema<unknown, StandardSchemaOutput<Schema>>),
    process,
    retry,
    timeoutMs,
    guard: createGuard(jobs, semaphore),
    concurrency,
    deadlineMarginMs,
    settlesPermanent: onPermanentFailure === 'settle',
    fanIn,
    queue,
    maxReceiveCount: maxReceiveCount ?? Number.POSITIVE_INFINITY,
    items,
    respond,
    throwsDirectly: directFailure === 'throw',
  };
}
