/** A timer that a process set, and that has not gone off. */
export interface Timer {
  /** Counted from 0 within the process, in the order of setting. */
  readonly number: number;
  /** In epoch ms, by the process's clock. */
  readonly dueAt: number;
}

export interface VirtualTimers {
  pending(): readonly Timer[];
  /** Lets a timer go off. */
  fire(number: number): void;
  /** Runs a process whose timers are to be these. */
  during(run: () => Promise<void>): Promise<void>;
}

/**
 * The timers of one process: they go off when the scheduler says so. They stand in for the real ones only while that
 * process runs, and processes run one at a time.
 */
export function virtualTimers(now: () => number): VirtualTimers {
  const waiting = new Map<number, { readonly dueAt: number; readonly act: () => void }>();
  let count = 0;
  const virtual = {
    setTimeout(act: () => void, ms = 0): number {
      waiting.set(count, { dueAt: now() + ms, act });
      count += 1;
      return count - 1;
    },
    clearTimeout(timer: number): void {
      waiting.delete(timer);
    },
  };
  return {
    pending: () => Array.from(waiting, ([number, { dueAt }]) => ({ number, dueAt })),
    fire(number) {
      const timer = waiting.get(number);
      waiting.delete(number);
      timer?.act();
    },
    async during(run) {
      const { setTimeout, clearTimeout } = globalThis;
      Object.assign(globalThis, virtual);
      try {
        await run();
      } finally {
        Object.assign(globalThis, { setTimeout, clearTimeout });
      }
    },
  };
}
