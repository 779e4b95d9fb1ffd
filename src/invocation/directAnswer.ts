import type { ErrorInfo, ItemOutcome } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';
import { fieldOf } from './ownField.js';

/** The answer of a direct call whose one item did not succeed. */
export interface FailedAnswer {
  readonly status: 'failed';
  readonly error: ErrorInfo;
}

/** The answer of a direct call with many items: nothing of it is lost because something else failed. */
export interface ManyAnswer<Result> {
  /** What `process` returned, in the order of the inputs. */
  readonly successes: readonly Result[];
  readonly failures: readonly {
    /** The position in the call. */
    readonly index: number;
    /** As it came. */
    readonly input: unknown;
    readonly error: ErrorInfo;
  }[];
  /** The payload's own, where it has one. */
  readonly jobId?: string | number;
}

/** What one item is answered with. */
export function toOneAnswer<Result>(outcome: ItemOutcome<unknown, Result>): Result | FailedAnswer {
  return outcome.status === 'succeeded' ? outcome.value : { status: 'failed', error: outcome.error };
}

/** What many items are answered with. */
export function toManyAnswer<Result>(
  outcomes: readonly ItemOutcome<unknown, Result>[],
  payload: unknown,
): ManyAnswer<Result> {
  const successes: Result[] = [];
  const failures: ManyAnswer<Result>['failures'][number][] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'succeeded') successes.push(outcome.value);
    else failures.push({ index: outcome.index, input: outcome.input, error: outcome.error });
  }
  const jobId = fieldOf(payload, 'jobId');
  const hasJobId = typeof jobId === 'string' || typeof jobId === 'number';
  return { successes, failures, ...(hasJobId ? { jobId } : {}) };
}

/** What a direct call with many items throws; `answer` is what it would have returned. */
export type ItemsFailedError = FanfoldError & { readonly answer: unknown };

/** Carries the answer where Lambda's runtime does not log it: it writes out what is enumerable, and inputs are in there. */
export function itemsFailed(
  outcomes: readonly ItemOutcome<unknown, unknown>[],
  answer: unknown,
): ItemsFailedError {
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'succeeded' ? [] : [outcome]));
  const message = `${failed.length} of ${outcomes.length} items failed, the first at index ${failed[0]?.index}`;
  const retryable = failed.some(({ error }) => error.retryable);
  const error = new FanfoldError('ItemsFailed', message, { retryable });
  return Object.defineProperty(error, 'answer', { value: answer }) as ItemsFailedError;
}

/** An `Error` for whatever an item threw: its own where it is one. */
export function toError(thrown: unknown, { message, retryable }: ErrorInfo): Error {
  return thrown instanceof Error
    ? thrown
    : new FanfoldError('ItemFailed', message, { cause: thrown, retryable });
}
