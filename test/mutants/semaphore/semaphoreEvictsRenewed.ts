import { semaphoreMutant } from '../../../explorer/semaphore/semaphoreModel.js';
import { semaphoreSetting } from '../../../explorer/semaphore/semaphoreSetting.js';
import { changeSlots } from '../../../src/fanout/slots.js';

/** Between the look and the write the holder renewed its slot, and works on. */
export const semaphoreEvictsRenewed = semaphoreMutant({
  name: 'semaphore-evicts-renewed',
  wrong: 'leases that had run out when they were read are removed without another look',
  setting: semaphoreSetting('semaphore-renew-2', 1, ['x:renews', 'y:holds']),
  faults: 0,
  table: (store, memory) => ({
    ...store,
    async change(name, change, now) {
      const found = memory.get(name);
      if (change.type !== 'acquired' || found === undefined) return store.change(name, change, now);
      const slots = new Map(found.slots);
      for (const { holder } of change.expired) slots.delete(holder);
      const changed = changeSlots(slots, { ...change, expired: [] });
      if (changed !== undefined) memory.set(name, { ...found, slots: changed });
      return { applied: changed !== undefined, current: changed ?? found.slots };
    },
  }),
});
