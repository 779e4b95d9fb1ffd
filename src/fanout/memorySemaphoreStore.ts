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
  const live = (name: string, now: number) => {
    const found = semaphores.get(name);
    return found !== undefined && found.expiresAt * 1_000 > now ? found : undefined;
  };
  return {
    async create(name, expiresAt, now) {
      const found = live(name, now)?.slots;
      const fresh: Slots = new Map();
      if (found === undefined) semaphores.set(name, { slots: fresh, expiresAt });
      return { applied: found === undefined, current: found ?? fresh };
    },
    async read(name, now) {
      return live(name, now)?.slots;
    },
    async change(name, change, now) {
      const found = live(name, now);
      if (found === undefined) return { applied: false, current: undefined };
      const slots = changeSlots(found.slots, change);
      if (slots === undefined) return { applied: false, current: found.slots };
      const { expiresAt } = 'expiresAt' in change ? change : found;
      semaphores.set(name, { slots, expiresAt });
      return { applied: true, current: slots };
    },
  };
}
