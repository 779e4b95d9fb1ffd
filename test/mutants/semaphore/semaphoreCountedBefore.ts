import { semaphoreMutant } from '../../../explorer/semaphore/semaphoreModel.js';
import { semaphoreSetting } from '../../../explorer/semaphore/semaphoreSetting.js';

/** Two that saw the same free slot both take it. */
export const semaphoreCountedBefore = semaphoreMutant({
  name: 'semaphore-counted-before',
  wrong: 'the holders are counted when they are read, and not when the slot is written',
  setting: semaphoreSetting('semaphore-1-2', 1, ['x:holds', 'y:holds']),
  faults: 0,
  table: (store) => ({
    ...store,
    change: (name, change, now) =>
      store.change(name, change.type === 'acquired' ? { ...change, mostHolders: undefined } : change, now),
  }),
});
