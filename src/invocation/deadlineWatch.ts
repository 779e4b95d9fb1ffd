import { LONGEST_TIMER_MS } from '../longestTimer.js';

/** The part of Lambda's context that a worker reads. */
export interface LambdaContext {
  getRemainingTimeInMillis?(): number;
}

/** Watches the Lambda deadline for one call of a handler. */
export interface DeadlineWatch {
  /** Lambda's remaining time in ms, `Infinity` without a context. */
  remainingMs(): number;
  /** Whether the margin is reached; asking can be what finds out. */
  isNear(): boolean;
  /** Resolves once the margin is reached; never without a context. */
  readonly near: Promise<void>;
  /** Aborts once the margin is reached. */
  readonly signal: AbortSignal;
  /** Calls `listener` once when the margin is reached; answers how to take it back. */
  onNear(listener: () => void): () => void;
  /** Resolves after `ms`, or once the margin is reached. */
  sleep(ms: number): Promise<void>;
  /** Resolves when half of what was left at the margin is gone: the last moment to answer in good order. */
  grace(): Promise<void>;
  /** Clears the timers. */
  stop(): void;
}

/**
 * Starts to watch. The timer is one for the whole call and keeps the process alive on purpose: a hung `process` leaves
 * nothing else in the event loop, and Lambda would end the call without an answer.
 */
export function watchDeadline(context: LambdaContext | undefined, marginMs: number): DeadlineWatch {
  const isTimed = typeof context?.getRemainingTimeInMillis === 'function';
  const remainingMs = (): number => {
    const remaining = isTimed ? context.getRemainingTimeInMillis?.() : undefined;
    return typeof remaining === 'number' && !Number.isNaN(remaining) ? remaining : Number.POSITIVE_INFINITY;
  };

  const controller = new AbortController();
  const listeners = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  let isNear = false;
  let resolveNear = (): void => {};
  const near = new Promise<void>((resolve) => {
    resolveNear = resolve;
  });

  const startTimer = (ms: number, then: () => void): (() => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        then();
      },
      Math.min(Math.max(ms, 0), LONGEST_TIMER_MS),
    );
    timers.add(timer);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  };

  const check = (): boolean => {
    if (isNear || !isTimed || remainingMs() > marginMs) return isNear;
    isNear = true;
    for (const listener of listeners) listener();
    listeners.clear();
    controller.abort();
    resolveNear();
    return true;
  };

  // A timer can fire a little early, and a clock can be set: what Lambda says counts.
  const arm = (): void => {
    if (check()) return;
    const left = remainingMs() - marginMs;
    if (left !== Number.POSITIVE_INFINITY) startTimer(Math.max(1, left), arm);
  };
  if (isTimed) arm();

  const onNear = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    remainingMs,
    isNear: check,
    near,
    signal: controller.signal,
    onNear,
    sleep(ms) {
      if (check()) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = startTimer(ms, () => {
          forget();
          resolve();
        });
        const forget = onNear(() => {
          cancel();
          resolve();
        });
      });
    },
    grace: () => new Promise((resolve) => startTimer(Math.min(remainingMs(), marginMs) / 2, resolve)),
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
