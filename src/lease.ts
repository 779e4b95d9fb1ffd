import type { FanfoldError } from './errors.js';
import { LONGEST_TIMER_MS } from './longestTimer.js';

const BEATS_PER_LEASE = 4;

/** What {@link keepLease} needs. */
export interface LeaseOptions {
  readonly leaseMs: number;
  /** Until when the lease is held at first, in epoch ms. */
  readonly until: number;
  readonly now: () => number;
  /** Extends the lease and answers until when, or `undefined` where it is another's by now. */
  readonly renew: () => Promise<number | undefined>;
  /** The reason that the signal aborts with. */
  readonly lost: () => FanfoldError;
  /** Lets the lease run out: nobody works any more who would need it. */
  readonly signal?: AbortSignal | undefined;
}

/** A lease that is being kept. */
export interface KeptLease {
  /** Aborts once the lease is lost, or when the signal that was given aborts. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Renews a lease every quarter of its length, until it is stopped or lost. A renewal that throws is tried again with the
 * next beat, so that two of three may fail; a process that was paused for longer finds out by its own clock.
 */
export function keepLease({ leaseMs, until, now, renew, lost, signal }: LeaseOptions): KeptLease {
  const controller = new AbortController();
  let end = until;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  };
  const leave = (): void => {
    stop();
    controller.abort(signal?.reason);
  };
  const lose = (): void => {
    stop();
    controller.abort(lost());
  };
  const beat = async (): Promise<void> => {
    if (now() >= end) return lose();
    // The next beat does not wait for this one: a renewal that hangs must not hide that the lease has run out.
    wait();
    try {
      const renewed = await renew();
      if (isStopped) return;
      if (renewed === undefined) lose();
      else end = Math.max(end, renewed);
    } catch {
      // The next beat tries again.
    }
  };
  const wait = (): void => {
    const next = Math.min(leaseMs / BEATS_PER_LEASE, end - now(), LONGEST_TIMER_MS);
    timer = setTimeout(beat, Math.max(1, next));
  };

  if (signal?.aborted) leave();
  else {
    signal?.addEventListener('abort', leave, { once: true });
    wait();
  }
  return { signal: controller.signal, stop };
}
