import { semaphoreMutant } from '../../../explorer/semaphore/semaphoreModel.js';
import { semaphoreSetting } from '../../../explorer/semaphore/semaphoreSetting.js';
import type { SlotLease } from '../../../src/fanout/slots.js';

const forGood = (lease: SlotLease): SlotLease => ({ ...lease, until: Number.MAX_SAFE_INTEGER });

/** A holder that dies takes its slot with it. */
export const semaphoreLeaseWithoutExpiry = semaphoreMutant({
  name: 'semaphore-lease-without-expiry',
  wrong: 'a lease never runs out',
  setting: semaphoreSetting('semaphore-1-2', 1, ['x:holds', 'y:holds']),
  faults: 1,
  table: (store) => ({
    ...store,
    change: (name, change, now) =>
      store.change(
        name,
        change.type === 'acquired' ? { ...change, lease: forGood(change.lease) } : change,
        now,
      ),
  }),
});
