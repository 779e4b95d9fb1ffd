import {
  type CompletionReason,
  type ItemOutcome,
  type OutcomeCounts,
  type OutcomeStatus,
  toErrorInfo,
  toOutcomeCounts,
} from '../aggregation/outcome.js';
import { expectFields, expectFunction, expectSignal, integer } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';
import { atDeadline, type Deadline, expectDeadline, msLeft } from './deadline.js';
import { notify } from './notify.js';
import { expectRetry, type RetryPolicies } from './retry.js';
import { runLoops } from './runLoops.js';
import { SourceFailedError } from './SourceFailedError.js';
import { openSource } from './source.js';
import { type CompletionRules, decide, rulesOfCompletion } from './tolerance.js';
import { type FanOutContext, type Item, withError, workOn } from './workOn.js';

/** What {@link fanOut} takes beside the items and the worker. */
export interface FanOutOptions extends CompletionRules {
  /** How many items are worked on at once; an asynchronous source is never read further ahead. @default 10 */
  readonly concurrency?: number | undefined;
  /** Ends the run: what is unfinished is `cancelled`, what has not begun does not begin. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds, before it counts as `timedOut`. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Tries an item again in its place; time-outs too (their code is `TimedOut`). @default one attempt */
  readonly retry?: RetryPolicies | undefined;
  /** Ends the run in time: what is unfinished is `timedOut`, what has not begun does not begin. @default none */
  readonly deadline?: Deadline | undefined;
  /** Told after every item; what it throws is ignored. For a source of unknown length `expected` is what was read. */
  readonly onProgress?: ((counts: OutcomeCounts) => unknown) | undefined;
}

/** What {@link fanOut} resolves with. */
export interface FanOutResult<I, T> {
  /** One for every item that began, in the order of the input. */
  readonly outcomes: readonly ItemOutcome<I, T>[];
  /** They add up to `expected`: the length of an array, Set or Map, of other sources the number of items read. */
  readonly counts: OutcomeCounts;
  readonly completionReason: CompletionReason;
}

/**
 * Runs `worker` for every item, at most `concurrency` at once, in this process, and says how each one ended.
 *
 * **It never rejects because an item failed**: a throw, `reject(undefined)` or a time-out is an outcome, and by default
 * everything runs and every failure is tolerated. Look at `counts`, or set `toleratedFailureCount: 0` to end at the
 * first failure. An attempt that timed out cannot be killed: it runs on unless it heeds `context.signal`, and what it
 * still answers is ignored; with `retry` an item may therefore be worked on more than once, even at the same time.
 *
 * @param items an array, iterable or async iterable; when the run ends early, its iterator's `return()` is called.
 * @returns after the last item, or at once on an abort, at the deadline and when the rules decide. Items that had not
 * begun have no outcome and count as `notStarted`.
 * @throws FanfoldError `InvalidArgument` before anything begins · `SourceFailed` (a {@link SourceFailedError}) when the
 * source throws: what had begun ends first and is found in its `result`, whose `completionReason` is `CANCELLED`.
 * @example
 * ```ts
 * const { outcomes, counts } = await fanOut(isbns, (isbn, { signal }) => fetchVolume(isbn, { signal }), {
 *   concurrency: 20,
 *   timeoutMs: 5_000,
 *   retry: { intervalSeconds: 0.5, maxAttempts: 2, jitterStrategy: 'FULL' },
 *   deadline: { remainingMs: () => context.getRemainingTimeInMillis(), marginMs: 1_000 },
 * });
 * ```
 */
export async function fanOut<I, O>(
  items: Iterable<I> | AsyncIterable<I>,
  worker: (item: I, context: FanOutContext) => O,
  options: FanOutOptions = {},
): Promise<FanOutResult<I, Awaited<O>>> {
  const { concurrency = 10, signal, timeoutMs, retry, deadline, onProgress } = options;
  expectFunction('worker', worker);
  expectFields(options, {
    concurrency: integer(1),
    signal: expectSignal,
    timeoutMs: integer(1, LONGEST_TIMER_MS),
    retry: expectRetry,
    deadline: expectDeadline,
    onProgress: expectFunction,
    ...rulesOfCompletion(),
  });

  const source = openSource('items', items);
  const outcomes: (ItemOutcome<I, Awaited<O>> | undefined)[] = [];
  const settled: Record<OutcomeStatus, number> = { succeeded: 0, failed: 0, timedOut: 0, cancelled: 0 };
  const inFlight = new Set<Item<I>>();
  let reason: CompletionReason | undefined;
  let halt = (): void => {};
  const halted = new Promise<void>((resolve) => {
    halt = resolve;
  });

  const counts = (): OutcomeCounts =>
    toOutcomeCounts(Math.max(source.length ?? 0, source.readCount()), settled);

  const settle = (item: Item<I>, outcome: ItemOutcome<I, Awaited<O>>): void => {
    if (!inFlight.delete(item)) return; // it comes too late: the item has its outcome
    outcomes[item.index] = outcome;
    settled[outcome.status]++;
    if (onProgress !== undefined) void notify(onProgress, counts());
    const decided = reason === undefined ? decide(settled, source.length, options) : undefined;
    if (decided !== undefined) stop(decided, new FanfoldError('Cancelled', decided));
  };

  const stop = (why: CompletionReason, cause: FanfoldError): void => {
    const nothingLeft = inFlight.size === 0 && source.readCount() === source.length;
    if (reason !== undefined || nothingLeft) return;
    reason = why;
    source.close();
    const status = why === 'DEADLINE_EXCEEDED' ? 'timedOut' : 'cancelled';
    const error = toErrorInfo(cause);
    for (const item of inFlight) {
      settle(item, withError(item, status, error));
      item.stopWaiting?.();
      item.current?.abandon(cause);
    }
    halt();
  };
  const cancel = (): void =>
    stop('CANCELLED', new FanfoldError('Aborted', 'aborted', { cause: signal?.reason, retryable: true }));
  const expire = (): void => {
    const error = new FanfoldError('DeadlineExceeded', 'not finished at the deadline', { retryable: true });
    stop('DEADLINE_EXCEEDED', error);
  };

  const how = { timeoutMs, retry, isOver: () => reason !== undefined };
  const pull = async (more: () => void): Promise<void> => {
    while (reason === undefined) {
      if (deadline !== undefined && msLeft(deadline) <= 0) return expire();
      const next = source.next();
      const pulled = next instanceof Promise ? await next : next;
      if (pulled === undefined) return;
      more();
      const item: Item<I> = { index: pulled.index, input: pulled.value, attempts: 0 };
      inFlight.add(item);
      settle(item, await workOn(item, worker, how));
    }
  };

  const callOff = deadline && atDeadline(deadline, expire);
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  await Promise.race([halted, runLoops(concurrency, pull)]);
  signal?.removeEventListener('abort', cancel);
  callOff?.();

  const failure = source.failure();
  const final = counts();
  const result: FanOutResult<I, Awaited<O>> = {
    outcomes: outcomes.filter((outcome) => outcome !== undefined),
    counts: final,
    completionReason:
      reason ?? (failure ? 'CANCELLED' : (decide(settled, final.expected, options) ?? 'ALL_COMPLETED')),
  };
  if (failure !== undefined) throw new SourceFailedError(failure.cause, result);
  return result;
}
