import type { FanIn } from '../aggregation/index.js';
import type { ItemOutcome } from '../aggregation/outcome.js';
import type { RetryPolicies } from '../fanout/index.js';
import type { WorkerJobs, WorkerSlot } from './createGuard.js';
import type { LambdaContext } from './deadlineWatch.js';
import type { Invocation } from './detectInvocation.js';
import type { WorkerQueue } from './postpone.js';
import type { ProcessContext } from './processContext.js';
import type { StandardSchema, StandardSchemaOutput } from './standardSchema.js';

/** A plain Lambda handler; works inside middy and Powertools' wrappers. */
export type LambdaHandler = (event: unknown, context?: LambdaContext) => Promise<unknown>;

/** What `createWorker` takes. */
export interface WorkerOptions<Schema extends StandardSchema, Result> {
  /** Checks every input before `process` sees it; what the schema hands out is what `process` gets. */
  readonly input: Schema;
  /** Does the work of one item. It may run more than once for an item: make it idempotent. */
  readonly process: (
    input: StandardSchemaOutput<Schema>,
    context: ProcessContext,
  ) => Result | PromiseLike<Result>;
  /** How many items of one call are in process at once (FIFO: how many groups). @default 10 */
  readonly concurrency?: number;
  /** Retries inside the call; one policy or several. They cost no receives, but the time of the call. @default none */
  readonly retry?: RetryPolicies;
  /** How long one attempt may take, in ms; then its signal aborts and it fails, retryable, with code `TimedOut`. @default no limit */
  readonly timeoutMs?: number;
  /** How long before the Lambda deadline the worker gives up what is unfinished, in ms. @default 1_000 */
  readonly deadlineMarginMs?: number;
  /**
   * What becomes of an item that trying again cannot help (the schema refused it, or `NonRetryableError`): `settle`
   * records it as failed and acknowledges it, `deadLetter` reports it until SQS moves it to the dead-letter queue. A
   * message without an envelope has nothing to settle, so that it is always reported.
   * @default 'settle' with a fan-in, else 'deadLetter'
   */
  readonly onPermanentFailure?: 'settle' | 'deadLetter';
  /** Where the outcomes of enveloped items are settled. */
  readonly fanIn?: Pick<FanIn<NoInfer<Result>>, 'settle' | 'recordFailure'>;
  /**
   * Keeps a job record of each input, so that work that is recorded as done is not done again: a later delivery gets the
   * stored result. A failure that trying again can help is tried again by the next delivery.
   */
  readonly jobs?: WorkerJobs<StandardSchemaOutput<Schema>>;
  /** The slot that an input needs, held while it is processed; `undefined` for an input that needs none. */
  readonly semaphore?: (input: StandardSchemaOutput<Schema>) => WorkerSlot | undefined;
  /**
   * The queue that the records come from: what was not even tried is then postponed instead of reported, so that it
   * costs none of its receives.
   */
  readonly queue?: WorkerQueue;
  /**
   * The `maxReceiveCount` of the queue's redrive policy: on the last receive the real error is kept in the fan-in for
   * the dead-letter handler.
   */
  readonly maxReceiveCount?: number;
  /** Finds the inputs in the payload of one direct call; `undefined` means that the payload is the one input. @default an array is its elements */
  readonly items?: (payload: unknown) => readonly unknown[] | undefined;
  /** Shapes the answer of a direct call. */
  readonly respond?: (
    outcomes: readonly ItemOutcome<unknown, NoInfer<Result>>[],
    invocation: Invocation,
  ) => unknown;
  /** Whether a direct call with a failed item answers, or throws. @default 'return' */
  readonly directFailure?: 'return' | 'throw';
}
