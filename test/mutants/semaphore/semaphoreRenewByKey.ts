import { semaphoreMutant } from '../../../explorer/semaphore/semaphoreModel.js';
import { semaphoreSetting } from '../../../explorer/semaphore/semaphoreSetting.js';

/** The first delivery of a message goes on as if it still had the slot that the second one has by now. */
export const semaphoreRenewByKey = semaphoreMutant({
  name: 'semaphore-renew-by-key',
  wrong: 'a slot is renewed by its holder alone, whatever acquisition has it',
  setting: semaphoreSetting('semaphore-same-2', 1, ['x:renews', 'x:holds']),
  faults: 0,
  table: (store) => ({
    ...store,
    async change(name, change, now) {
      if (change.type !== 'renewed') return store.change(name, change, now);
      const token = (await store.read(name, now))?.get(change.holder)?.token ?? change.token;
      return store.change(name, { ...change, token }, now);
    },
  }),
});
