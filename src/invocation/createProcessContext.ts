import { FanfoldError } from '../errors.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { ProcessContext, WorkItem } from './processContext.js';

/** The signal of one attempt, and what it takes to make it when somebody asks for it. */
export interface AttemptSignal {
  readonly watch: DeadlineWatch;
  controller?: AbortController;
  aborted?: { readonly reason: unknown };
  /** Takes back the wish to hear of the deadline. */
  forget?: () => void;
}

/** Why a record is given up near the Lambda deadline. */
export function deadlineNear(): FanfoldError {
  return new FanfoldError('DeadlineExceeded', 'the Lambda deadline was too near to finish', {
    retryable: true,
  });
}

/** Aborts the attempt's signal, also one that is asked for later. */
export function abortAttempt(attempt: AttemptSignal, reason: unknown): void {
  attempt.aborted ??= { reason };
  attempt.controller?.abort(attempt.aborted.reason);
}

function signalOf(attempt: AttemptSignal): AbortSignal {
  if (attempt.controller !== undefined) return attempt.controller.signal;
  attempt.controller = new AbortController();
  if (attempt.watch.isNear()) abortAttempt(attempt, deadlineNear());
  else if (attempt.aborted !== undefined) abortAttempt(attempt, attempt.aborted.reason);
  else attempt.forget = attempt.watch.onNear(() => abortAttempt(attempt, deadlineNear()));
  return attempt.controller.signal;
}

const attemptKey = Symbol('attempt');

type Draft = { -readonly [K in keyof ProcessContext]?: ProcessContext[K] } & {
  readonly [attemptKey]: AttemptSignal;
};

/**
 * Measured: an `AbortController` costs more than all else that the worker does for a record, a getter written into the
 * object literal half of that, this shared one a tenth. It is the context's own, because a wrapper may spread the context.
 */
const signalProperty = {
  enumerable: true,
  configurable: true,
  get(this: Draft): AbortSignal {
    return signalOf(this[attemptKey]);
  },
};

/** Makes the context of one attempt, whose signal is made when it is first read. */
export function createProcessContext(item: WorkItem, attempt: number, signal: AttemptSignal): ProcessContext {
  const draft: Draft = {
    mode: item.mode,
    attempt,
    remainingMs: signal.watch.remainingMs,
    [attemptKey]: signal,
  };
  Object.defineProperty(draft, 'signal', signalProperty);
  if (item.messageId !== undefined) draft.messageId = item.messageId;
  if (item.receiveCount !== undefined) draft.receiveCount = item.receiveCount;
  if (item.fanIn !== undefined) draft.fanIn = item.fanIn;
  if (item.stepFunctions !== undefined) draft.stepFunctions = item.stepFunctions;
  if (item.job !== undefined) draft.job = item.job;
  // Whole by now: what is not optional was set above.
  return draft as ProcessContext;
}
