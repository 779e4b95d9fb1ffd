import { FanfoldError } from '../errors.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { ProcessContext, WorkItem } from './processContext.js';

/** The context of one attempt, and how to end it. */
export interface Attempt {
  readonly context: ProcessContext;
  /** Aborts the signal, if anybody asked for it. */
  abort(reason: unknown): void;
  /** Lets go of the deadline; the signal stays as it is. */
  end(): void;
}

/** Why a record is given up near the Lambda deadline. */
export function deadlineNear(): FanfoldError {
  return new FanfoldError('DeadlineExceeded', 'the Lambda deadline was too near to finish', {
    retryable: true,
  });
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Makes the context of one attempt. An `AbortController` costs more than the rest of a record's way, so that there is
 * none until `signal` is read.
 */
export function createProcessContext(item: WorkItem, attempt: number, watch: DeadlineWatch): Attempt {
  let controller: AbortController | undefined;
  let aborted: { readonly reason: unknown } | undefined;
  let forget: (() => void) | undefined;

  const abort = (reason: unknown): void => {
    aborted ??= { reason };
    controller?.abort(aborted.reason);
  };
  const makeSignal = (): AbortSignal => {
    if (controller === undefined) {
      controller = new AbortController();
      if (watch.isNear()) aborted ??= { reason: deadlineNear() };
      if (aborted === undefined) forget = watch.onNear(() => abort(deadlineNear()));
      else controller.abort(aborted.reason);
    }
    return controller.signal;
  };

  const context: Writable<ProcessContext> = {
    mode: item.mode,
    attempt,
    get signal() {
      return makeSignal();
    },
    remainingMs: watch.remainingMs,
  };
  if (item.messageId !== undefined) context.messageId = item.messageId;
  if (item.receiveCount !== undefined) context.receiveCount = item.receiveCount;
  if (item.fanIn !== undefined) context.fanIn = item.fanIn;
  if (item.stepFunctions !== undefined) context.stepFunctions = item.stepFunctions;
  return { context, abort, end: () => forget?.() };
}
