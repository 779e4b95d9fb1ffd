import { type Outcome, toErrorInfo } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';
import { type RetryPolicies, retry } from '../fanout/index.js';
import { type Check, invalidInput } from './checkInput.js';
import type { Guard, GuardHooks } from './createGuard.js';
import { type AttemptSignal, abortAttempt, createProcessContext } from './createProcessContext.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { ProcessContext, WorkItem } from './processContext.js';
import { isRecordObserved, observeRecord } from './workerEvents.js';

/** What running one item takes. */
export interface ItemRunner<Input, Result> {
  readonly check: Check<Input>;
  readonly process: (input: Input, context: ProcessContext) => Result | PromiseLike<Result>;
  readonly retry: RetryPolicies | undefined;
  readonly timeoutMs: number | undefined;
  /** What stands before the work, such as a slot or a job; `undefined` where it begins at once. */
  readonly guard: Guard<Input> | undefined;
}

/** How an item ended in this call, and what it threw, as it was. */
export interface ItemResult<Result> {
  readonly outcome: Outcome<Result>;
  readonly attempts: number;
  readonly thrown?: unknown;
  /** Set where the work never began, because it was somebody else's turn. */
  readonly untried?: { readonly retryAfterMs: number | undefined };
}

/** The result of an item that did not end well; anything can be thrown. */
export function toFailure(
  thrown: unknown,
  attempts = 0,
  status: 'failed' | 'timedOut' = 'failed',
): ItemResult<never> {
  return { outcome: { status, error: toErrorInfo(thrown) }, attempts, thrown };
}

const ignore = (): void => undefined;

/** Waits for one attempt as long as it may take. */
function within<T>(
  work: PromiseLike<T>,
  timeoutMs: number,
  watch: DeadlineWatch,
  expire: () => FanfoldError,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      reject(expire());
    }, timeoutMs);
    // Past the deadline nobody waits for this attempt any more, and its timer must not outlive the call.
    const forget = watch.onNear(() => clearTimeout(timer));
    const end = (): void => {
      clearTimeout(timer);
      forget();
    };
    work.then(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}

/** How far the attempts at one item have come. */
interface Progress {
  attempts: number;
  isTimeout: boolean;
  untried?: NonNullable<ItemResult<never>['untried']>;
}

/** Aborts the attempt with the leases; answers with how to stop that. */
function follow(leases: AbortSignal, signal: AttemptSignal): () => void {
  const abort = (): void => abortAttempt(signal, leases.reason);
  leases.addEventListener('abort', abort, { once: true });
  if (leases.aborted) abort();
  return () => leases.removeEventListener('abort', abort);
}

async function runAttempt<Input, Result>(
  { process, timeoutMs }: ItemRunner<Input, Result>,
  item: WorkItem,
  input: Input,
  progress: Progress,
  watch: DeadlineWatch,
  leases: AbortSignal | undefined,
): Promise<Result> {
  progress.isTimeout = false;
  progress.attempts += 1;
  const signal: AttemptSignal = { watch };
  const unfollow = leases && follow(leases, signal);
  try {
    const work = process(input, createProcessContext(item, progress.attempts, signal));
    if (timeoutMs === undefined) return await work;
    return await within(Promise.resolve(work), timeoutMs, watch, () => {
      const message = `process took longer than ${timeoutMs} ms`;
      const error = new FanfoldError('TimedOut', message, { retryable: true });
      progress.isTimeout = true;
      abortAttempt(signal, error);
      return error;
    });
  } finally {
    signal.forget?.();
    unfollow?.();
  }
}

function runAttempts<Input, Result>(
  runner: ItemRunner<Input, Result>,
  item: WorkItem,
  input: Input,
  progress: Progress,
  watch: DeadlineWatch,
  leases?: AbortSignal,
): Promise<Result> {
  // Measured: a closure costs a fifth of all else that the worker does for a record.
  if (runner.retry === undefined) return runAttempt(runner, item, input, progress, watch, leases);
  return retry(() => runAttempt(runner, item, input, progress, watch, leases), runner.retry, watch);
}

async function runChecked<Input, Result>(
  runner: ItemRunner<Input, Result>,
  item: WorkItem,
  watch: DeadlineWatch,
  begun: GuardHooks['begun'],
): Promise<ItemResult<Result>> {
  const progress: Progress = { attempts: 0, isTimeout: false };
  try {
    let checked = runner.check(item.payload);
    if (checked instanceof Promise) checked = await checked;
    if (checked.issues) return toFailure(invalidInput(checked.issues));
    const input = checked.value;
    let value: Result;
    if (runner.guard === undefined) value = await runAttempts(runner, item, input, progress, watch);
    else {
      const untried = (retryAfterMs: number | undefined): void => {
        progress.untried = { retryAfterMs };
      };
      value = await runner.guard(
        input,
        watch,
        (leases, job) => runAttempts(runner, { ...item, job }, input, progress, watch, leases),
        { begun, untried },
      );
    }
    return { outcome: { status: 'succeeded', value }, attempts: progress.attempts };
  } catch (thrown) {
    const failure = toFailure(thrown, progress.attempts, progress.isTimeout ? 'timedOut' : 'failed');
    return progress.untried === undefined ? failure : { ...failure, untried: progress.untried };
  }
}

/**
 * Checks one input and processes it, with retries and a time limit for each attempt, once its guard lets it begin.
 * Never rejects.
 */
export function runItem<Input, Result>(
  runner: ItemRunner<Input, Result>,
  item: WorkItem,
  watch: DeadlineWatch,
  begun: GuardHooks['begun'] = ignore,
): Promise<ItemResult<Result>> {
  const startedAt = isRecordObserved() ? performance.now() : undefined;
  const result = runChecked(runner, item, watch, begun);
  return startedAt === undefined ? result : observeRecord(item, result, startedAt);
}
