import { type ErrorInfo, type ItemOutcome, toErrorInfo } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';
import { createRetries, type RetryPolicies } from './retry.js';

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
  current?: Attempt;
  /** Ends its wait, for an answer in time or for the next attempt; it then waits for ever. */
  stopWaiting?: () => void;
}

/** How an item is worked on. */
export interface WorkOptions {
  readonly timeoutMs: number | undefined;
  readonly retry: RetryPolicies | undefined;
  /** Whether the run has ended, and no outcome matters any more. */
  readonly isOver: () => boolean;
}

/** The outcome of an item that has not succeeded. */
export function withError<I>(
  { index, input, attempts }: Item<I>,
  status: 'failed' | 'timedOut' | 'cancelled',
  error: ErrorInfo,
): ItemOutcome<I, never> {
  return { status, error, index, input, attempts };
}

function wait<I>(ms: number, item: Item<I>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
    item.stopWaiting = () => clearTimeout(timer);
  });
}

/** What `answer` comes to, or `TimedOut`. */
function within<I, T>(ms: number, answer: T, attempt: Attempt, item: Item<I>): Promise<Awaited<T>> {
  const expiry = wait(ms, item).then((): never => {
    const error = new FanfoldError('TimedOut', `not finished after ${ms} ms`, { retryable: true });
    attempt.abandon(error);
    throw error;
  });
  return Promise.race([answer, expiry]).finally(item.stopWaiting);
}

/** Tries an item until it succeeds or its retries are used up. Never rejects. */
export async function workOn<I, O>(
  item: Item<I>,
  worker: (item: I, context: FanOutContext) => O,
  { timeoutMs, retry, isOver }: WorkOptions,
): Promise<ItemOutcome<I, Awaited<O>>> {
  const { index, input } = item;
  let delayAfter: ReturnType<typeof createRetries> | undefined;
  for (;;) {
    const attempt = new Attempt(index, ++item.attempts);
    item.current = attempt;
    try {
      const answer = worker(input, attempt);
      const value = await (timeoutMs === undefined ? answer : within(timeoutMs, answer, attempt, item));
      return { status: 'succeeded', value, index, input, attempts: item.attempts };
    } catch (thrown) {
      const error = toErrorInfo(thrown);
      if (retry !== undefined) delayAfter ??= createRetries(retry);
      const delayMs = isOver() ? undefined : delayAfter?.(error);
      if (delayMs === undefined) return withError(item, attempt.isAbandoned ? 'timedOut' : 'failed', error);
      await wait(delayMs, item);
    }
  }
}
