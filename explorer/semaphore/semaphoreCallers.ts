import { createSemaphore, type Semaphore } from '../../src/fanout/semaphore.js';
import type { SemaphoreStore } from '../../src/fanout/semaphoreStore.js';
import type { Caller } from '../callers/primitive.js';
import type { Environment } from '../process.js';
import { yielding } from '../yielding.js';
import type { SemaphoreSetting } from './semaphoreSetting.js';

export const SEMAPHORE = 'semaphore';

type Deed = (semaphore: Semaphore, holder: string, environment: Environment) => Promise<unknown>;

/** Each of them is repeated from its start until it is through. */
const deeds = {
  async holds(semaphore, holder, { call }) {
    const slot = await semaphore.acquire(holder);
    await call('work', slot.until);
    await semaphore.release(slot);
  },
  async renews(semaphore, holder, { call }) {
    const slot = await semaphore.acquire(holder);
    await call('work', slot.until);
    const renewed = await semaphore.renew(slot);
    await call('work', renewed.until);
    await semaphore.release(renewed);
  },
  async uses(semaphore, holder, { call }) {
    await semaphore.withSlot(holder, async ({ slot, signal }) => {
      await call('work', slot.until);
      // The work is obedient: it does not go on without its slot.
      signal.throwIfAborted();
      await call('work', slot.until);
    });
  },
} satisfies Record<string, Deed>;

export type SemaphoreDeed = keyof typeof deeds;

const words: Readonly<Record<SemaphoreDeed, string>> = {
  holds: 'takes a slot, works and gives it back',
  renews: 'takes a slot, works, renews it, works on and gives it back',
  uses: 'works with a slot that is kept',
};

/** The callers of a setting, named a, b, c. */
export function semaphoreCallers({ wishes, limit, leaseMs, mutant }: SemaphoreSetting): Caller[] {
  return wishes.map(({ holder, deed }, position) => ({
    name: 'abcd'.charAt(position),
    does: `as ${holder}, ${words[deed]}`,
    run(environment) {
      const { now, randomId } = environment;
      const yieldingStore = yielding<SemaphoreStore>(environment, ['create', 'read', 'change']);
      const store = mutant?.store?.(yieldingStore) ?? yieldingStore;
      const semaphore = createSemaphore({ store, now, randomId }, SEMAPHORE, { limit, leaseMs });
      return deeds[deed](semaphore, holder, environment);
    },
  }));
}
