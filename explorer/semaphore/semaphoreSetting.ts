import type { SemaphoreMemory } from '../../src/fanout/memorySemaphoreStore.js';
import type { SemaphoreStore } from '../../src/fanout/semaphoreStore.js';
import type { SemaphoreDeed } from './semaphoreCallers.js';

/** One place in which the protocol of semaphores is broken on purpose. */
export interface SemaphoreMutation {
  /** The store as a process sees it: each call that it makes is a yield point of its own. */
  readonly store?: (store: SemaphoreStore) => SemaphoreStore;
  /** The table itself: whatever it does is one atomic step. */
  readonly table?: (store: SemaphoreStore, memory: SemaphoreMemory) => SemaphoreStore;
}

/** Who wants a slot, and under whose name: callers of one name are deliveries of one message. */
export interface SlotWish {
  readonly holder: string;
  readonly deed: SemaphoreDeed;
}

/** A semaphore and those who want its slots. */
export interface SemaphoreSetting {
  readonly name: string;
  readonly wishes: readonly SlotWish[];
  readonly limit: number;
  readonly leaseMs: number;
  /** Times to which the clock may jump at any moment, in ms after the start. */
  readonly ticks: readonly number[];
  readonly share: number;
  readonly mutant: SemaphoreMutation | undefined;
}

const defaults: Omit<SemaphoreSetting, 'name' | 'wishes' | 'limit'> = {
  leaseMs: 1_000,
  ticks: [1_100],
  share: 1,
  mutant: undefined,
};

/** `wishes` are words like `x:holds`: the holder's name, and what is done. */
export function semaphoreSetting(
  name: string,
  limit: number,
  wishes: readonly `${string}:${SemaphoreDeed}`[],
  options: Partial<SemaphoreSetting> = {},
): SemaphoreSetting {
  const parsed = wishes.map((wish): SlotWish => {
    const [holder = '', deed] = wish.split(':');
    return { holder, deed: deed as SemaphoreDeed };
  });
  return { ...defaults, ...options, name, limit, wishes: parsed };
}
