import { type Outcome, toErrorInfo } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';
import { createRetries, type RetryPolicies } from './retry.js';
import { sleep } from './sleep.js';

/** What a worker is told beside its item. */
export interface FanOutContext {
  /** The position of the item in the input, from 0. */
  readonly index: number;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** Aborts when nobody waits for this attempt any more: timed out, past the deadline, aborted, or decided early. */
  readonly signal: AbortSignal;
}

/**
 * A context whose `AbortController` is made when the worker first looks at `signal`: most never do. It is a class for
 * its getter on the prototype; one in an object literal would cost as much as all the rest of a small item.
 */
class Attempt implements FanOutContext {
  readonly index: number;
  readonly attempt: number;
  #controller: AbortController | undefined;
  #abandoned: FanfoldError | undefined;

  constructor(index: number, attempt: number) {
    this.index = index;
    this.attempt = attempt;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#abandoned !== undefined) this.#controller.abort(this.#abandoned);
    return this.#controller.signal;
  }

  /** Whether it timed out, or the run ended without it. */
  get isAbandoned(): boolean {
    return this.#abandoned !== undefined;
  }

  /** Tells the worker, where it listens, that nobody waits for it any more. */
  abandon(reason: FanfoldError): void {
    this.#abandoned ??= reason;
    this.#controller?.abort(this.#abandoned);
  }
}

/** An item that is being worked on. */
export interface Item<I> {
  readonly index: number;
  readonly input: I;
  attempts: number;
  current: Attempt | undefined;
}

/** How an item is worked on; `signal` aborts when its outcome no longer matters. */
export interface WorkOptions {
  readonly timeoutMs: number | undefined;
  readonly retry: RetryPolicies | undefined;
  readonly signal: AbortSignal;
}

/** What `answer` comes to, or `TimedOut`; once `signal` has aborted, neither: nobody waits for it then. */
function within<T>(timeoutMs: number, answer: T, attempt: Attempt, signal: AbortSignal): Promise<Awaited<T>> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };
    const timer = setTimeout(() => {
      end();
      const expiry = new FanfoldError('TimedOut', `not finished after ${timeoutMs} ms`, { retryable: true });
      attempt.abandon(expiry);
      reject(expiry);
    }, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    Promise.resolve(answer).finally(end).then(resolve, reject);
  });
}

/** Tries an item until it succeeds or its retries are used up. Never rejects; stays pending once `signal` aborted. */
export async function workOn<I, O>(
  item: Item<I>,
  worker: (item: I, context: FanOutContext) => O,
  { timeoutMs, retry, signal }: WorkOptions,
): Promise<Outcome<Awaited<O>>> {
  let delayAfter: ReturnType<typeof createRetries> | undefined;
  for (;;) {
    const attempt = new Attempt(item.index, ++item.attempts);
    item.current = attempt;
    try {
      const answer = worker(item.input, attempt);
      const value = await (timeoutMs === undefined ? answer : within(timeoutMs, answer, attempt, signal));
      return { status: 'succeeded', value };
    } catch (thrown) {
      const status = attempt.isAbandoned ? 'timedOut' : 'failed';
      const error = toErrorInfo(thrown);
      if (retry !== undefined) delayAfter ??= createRetries(retry);
      const delayMs = signal.aborted ? undefined : delayAfter?.(error);
      if (delayMs === undefined) return { status, error };
      await sleep(delayMs, signal);
      if (signal.aborted) return { status, error };
    }
  }
}
