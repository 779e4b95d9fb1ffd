import { expectFunction, expectNumber, invalidArgument } from '../arguments.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';

/** When to stop, counted from the runtime's own clock: Lambda's `context.getRemainingTimeInMillis`. */
export interface Deadline {
  /** How much time there is left, in milliseconds. One that throws or gives no number counts as passed. */
  remainingMs(): number;
  /** How much of it to leave to the caller, in milliseconds: nothing new begins once it has come to this. */
  readonly marginMs: number;
}

/** Refuses what is not a {@link Deadline}; `undefined` passes. */
export function expectDeadline(field: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) {
    throw invalidArgument(field, 'an object { remainingMs(), marginMs }', value);
  }
  const { remainingMs, marginMs } = value as Record<keyof Deadline, unknown>;
  expectFunction(`${field}.remainingMs`, remainingMs);
  expectNumber(`${field}.marginMs`, marginMs, 0);
}

/** The milliseconds until only `marginMs` are left; zero or less when it is time to stop. */
export function msLeft(deadline: Deadline, marginMs = deadline.marginMs): number {
  try {
    return deadline.remainingMs() - marginMs || 0;
  } catch {
    return 0;
  }
}

/**
 * Calls `stop` once when only `marginMs` are left, never synchronously; the returned function calls it off. The timer
 * only says when to look: the deadline's own clock decides, so that one that runs differently is obeyed too.
 */
export function atDeadline(deadline: Deadline, stop: () => void, marginMs = deadline.marginMs): () => void {
  let timer: NodeJS.Timeout;
  const look = (): void => (msLeft(deadline, marginMs) <= 0 ? stop() : wait());
  const wait = (): void => {
    timer = setTimeout(look, Math.min(Math.max(msLeft(deadline, marginMs), 0), LONGEST_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}
