import { semaphoreMutant } from '../../../explorer/semaphore/semaphoreModel.js';
import { semaphoreSetting } from '../../../explorer/semaphore/semaphoreSetting.js';

/** The work goes on under a limit that was never heeded. */
export const semaphoreFailureIgnored = semaphoreMutant({
  name: 'semaphore-failure-ignored',
  wrong: 'a slot counts as taken although the call that was to take it failed',
  setting: semaphoreSetting('semaphore-1-2', 1, ['x:holds', 'y:holds']),
  faults: 1,
  store: (store) => ({
    ...store,
    async change(name, change, now) {
      try {
        return await store.change(name, change, now);
      } catch (error) {
        if (change.type !== 'acquired') throw error;
        return { applied: true, current: new Map([[change.holder, change.lease]]) };
      }
    },
  }),
});
