import type { SlotChange, Slots } from './slots.js';

/** The answer of a conditional write. `current` is what stands there now; `undefined` when there is nothing. */
export interface SlotsWritten {
  readonly applied: boolean;
  readonly current: Slots | undefined;
}

/**
 * Where semaphores live. Each method is one atomic call on one item, strongly consistent, so that a caller can die
 * between any two of them. A refused condition is an answer, not an error; a call that throws may have been applied.
 */
export interface SemaphoreStore {
  /** Puts a semaphore without holders where there is none; answers with the one that stands there. */
  create(name: string, expiresAt: number, now: number): Promise<SlotsWritten>;
  read(name: string, now: number): Promise<Slots | undefined>;
  change(name: string, change: SlotChange, now: number): Promise<SlotsWritten>;
}
