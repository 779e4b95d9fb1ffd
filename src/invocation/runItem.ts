import { type Outcome, toErrorInfo } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';
import { type RetryPolicies, retry } from '../fanout/index.js';
import { type Check, invalidInput } from './checkInput.js';
import { type AttemptSignal, abortAttempt, createProcessContext } from './createProcessContext.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { ProcessContext, WorkItem } from './processContext.js';

/** What running one item takes. */
export interface ItemRunner<Input, Result> {
  readonly check: Check<Input>;
  readonly process: (input: Input, context: ProcessContext) => Result | PromiseLike<Result>;
  readonly retry: RetryPolicies | undefined;
  readonly timeoutMs: number | undefined;
}

/** How an item ended in this call, and what it threw, as it was. */
export interface ItemResult<Result> {
  readonly outcome: Outcome<Result>;
  readonly attempts: number;
  readonly thrown?: unknown;
}

/** The result of an item that did not end well; anything can be thrown. */
export function toFailure(
  thrown: unknown,
  attempts = 0,
  status: 'failed' | 'timedOut' = 'failed',
): ItemResult<never> {
  return { outcome: { status, error: toErrorInfo(thrown) }, attempts, thrown };
}

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
}

async function runAttempt<Input, Result>(
  { process, timeoutMs }: ItemRunner<Input, Result>,
  item: WorkItem,
  input: Input,
  progress: Progress,
  watch: DeadlineWatch,
): Promise<Result> {
  progress.isTimeout = false;
  progress.attempts += 1;
  const signal: AttemptSignal = { watch };
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
  }
}

/** Checks one input and processes it, with retries and a time limit for each attempt. Never rejects. */
export async function runItem<Input, Result>(
  runner: ItemRunner<Input, Result>,
  item: WorkItem,
  watch: DeadlineWatch,
): Promise<ItemResult<Result>> {
  const progress: Progress = { attempts: 0, isTimeout: false };
  try {
    let checked = runner.check(item.payload);
    if (checked instanceof Promise) checked = await checked;
    if (checked.issues) return toFailure(invalidInput(checked.issues));
    const input = checked.value;
    const value =
      runner.retry === undefined
        ? await runAttempt(runner, item, input, progress, watch)
        : await retry(() => runAttempt(runner, item, input, progress, watch), runner.retry, watch);
    return { outcome: { status: 'succeeded', value: value as Result }, attempts: progress.attempts };
  } catch (thrown) {
    return toFailure(thrown, progress.attempts, progress.isTimeout ? 'timedOut' : 'failed');
  }
}
