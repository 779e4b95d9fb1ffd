import { createSemaphore } from '../../src/fanout/semaphore.js';
import type { SemaphoreStore } from '../../src/fanout/semaphoreStore.js';
import type { StormTime } from './time.js';

/** How long after the last sign of a killed holder the only slot is another's, in ms. */
export async function stormDeadHolder(
  store: SemaphoreStore,
  time: StormTime,
  leaseMs: number,
): Promise<number> {
  const options = { limit: 1, leaseMs };
  const target = { store, now: time.now, sleep: time.sleep, random: () => 0.5 };
  const { until } = await createSemaphore(target, 'one', options).acquire('killed');
  const heir = createSemaphore(target, 'one', options).acquire('heir', { waitMs: leaseMs * 10 });
  await time.run(heir, time.now() + leaseMs * 20);
  return Math.round(time.now() - (until - leaseMs));
}
