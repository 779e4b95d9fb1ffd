import { type Outcome, toErrorInfo } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';
import { type RetryPolicies, retry } from '../fanout/index.js';
import { type Check, invalidInput } from './checkInput.js';
import { createProcessContext } from './createProcessContext.js';
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

/** Checks one input and processes it, with retries and a time limit for each attempt. Never rejects. */
export async function runItem<Input, Result>(
  runner: ItemRunner<Input, Result>,
  item: WorkItem,
  watch: DeadlineWatch,
): Promise<ItemResult<Result>> {
  let attempts = 0;
  let isTimeout = false;

  const runAttempt = async (input: Input): Promise<Result> => {
    const { process, timeoutMs } = runner;
    isTimeout = false;
    const attempt = createProcessContext(item, ++attempts, watch);
    try {
      const work = process(input, attempt.context);
      if (timeoutMs === undefined) return await work;
      return await within(Promise.resolve(work), timeoutMs, watch, () => {
        const error = new FanfoldError('TimedOut', `process took longer than ${timeoutMs} ms`, {
          retryable: true,
        });
        isTimeout = true;
        attempt.abort(error);
        return error;
      });
    } finally {
      attempt.end();
    }
  };

  try {
    let checked = runner.check(item.payload);
    if (checked instanceof Promise) checked = await checked;
    if (checked.issues) return toFailure(invalidInput(checked.issues));
    const input = checked.value;
    const value =
      runner.retry === undefined
        ? await runAttempt(input)
        : await retry(() => runAttempt(input), runner.retry, { signal: watch.signal, sleep: watch.sleep });
    return { outcome: { status: 'succeeded', value: value as Result }, attempts };
  } catch (thrown) {
    return toFailure(thrown, attempts, isTimeout ? 'timedOut' : 'failed');
  }
}
