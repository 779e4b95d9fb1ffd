import { openShelf } from '../openShelf.js';
import type { SemaphoreStore } from './semaphoreStore.js';
import { changeSlots, type Slots } from './slots.js';

/** What a memory store holds, by name. Its values are never changed in place. */
export type SemaphoreMemory = Map<string, { readonly slots: Slots; readonly expiresAt: number }>;

/**
 * A semaphore store in this process's memory, for tests and for limits within one process. It obeys the same contract
 * suite as the DynamoDB store.
 *
 * @example
 * ```ts
 * const semaphore = createSemaphore({ store: memorySemaphoreStore() }, 'database', { limit: 30, leaseMs: 30_000 });
 * ```
 */
export function memorySemaphoreStore(semaphores: SemaphoreMemory = new Map()): SemaphoreStore {
  const shelf = openShelf(semaphores);
  const slotsIn = ({ applied, current }: ReturnType<typeof shelf.create>) => ({
    applied,
    current: current?.slots,
  });
  return {
    create: async (name, expiresAt, now) => slotsIn(shelf.create(name, { slots: new Map(), expiresAt }, now)),
    read: async (name, now) => shelf.get(name, now)?.slots,
    change: async (name, change, now) =>
      slotsIn(
        shelf.change(name, now, (found) => {
          const slots = changeSlots(found.slots, change);
          return slots && { slots, expiresAt: 'expiresAt' in change ? change.expiresAt : found.expiresAt };
        }),
      ),
  };
}
