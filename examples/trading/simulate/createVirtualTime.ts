import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { Time } from '../trades/createLimits.js';

/** Turns of the event loop after which nothing moves any more that does not wait for the clock. */
const QUIET_TURNS = 4;
/** How long the real clock is waited for, when nobody waits for this one: for retries without a pause. */
const MOST_REAL_MS = 5_000;

/** A clock that stands still while anything works, and then jumps to the next moment that somebody waits for. */
export interface VirtualTime extends Omit<Time, 'random'> {
  /** Lets time pass until `work` has ended. @throws Error when nobody waits for anything, and it has not */
  run<T>(work: Promise<T>): Promise<T>;
}

export function createVirtualTime(startAt: number): VirtualTime {
  let now = startAt;
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((resolve) => {
        waiting.push({ at: now + Math.max(0, ms), wake: resolve });
      }),
    async run(work) {
      let isOver = false;
      const ended = work.finally(() => {
        isOver = true;
      });
      ended.catch(() => undefined);
      for (let realMs = 0; realMs < MOST_REAL_MS; ) {
        for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) await turn();
        if (isOver) return ended;
        if (waiting.length === 0) {
          realMs += 1;
          await pause(1);
          continue;
        }
        realMs = 0;
        const next = waiting.reduce((first, one) => (one.at < first.at ? one : first));
        waiting.splice(waiting.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.wake();
      }
      throw new Error('nothing moves, and the work has not ended');
    },
  };
}
