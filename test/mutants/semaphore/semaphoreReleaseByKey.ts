import { semaphoreMutant } from '../../../explorer/semaphore/semaphoreModel.js';
import { semaphoreSetting } from '../../../explorer/semaphore/semaphoreSetting.js';

/** A message is delivered again while its first delivery is paused: that one then frees the slot of the second. */
export const semaphoreReleaseByKey = semaphoreMutant({
  name: 'semaphore-release-by-key',
  wrong: 'a slot is given back by its holder alone, whatever acquisition has it',
  setting: semaphoreSetting('semaphore-same-2', 1, ['x:holds', 'x:holds']),
  faults: 0,
  table: (store) => ({
    ...store,
    async change(name, change, now) {
      if (change.type !== 'released') return store.change(name, change, now);
      const token = (await store.read(name, now))?.get(change.holder)?.token ?? change.token;
      return store.change(name, { ...change, token }, now);
    },
  }),
});
