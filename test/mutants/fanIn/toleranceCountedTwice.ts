import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** Failures are added up instead of being kept by index: the help rule tells the root of one twice. */
export const toleranceCountedTwice: FanInMutant = {
  name: 'tolerance-counted-twice',
  wrong: 'the root adds up the failures that it is told of, also those that it knows',
  scenario: scenario('tolerance-2', 'fs', { open: { toleratedFailureCount: 1 } }),
  faults: 1,
  table: (store) => ({
    ...store,
    async changeMeta(id, change, now) {
      if (change.type !== 'failuresSeen') return store.changeMeta(id, change, now);
      const known = (await store.readMeta(id, now))?.eagerFailures.size ?? 0;
      return store.changeMeta(
        id,
        { ...change, indices: change.indices.map((_, position) => known + position) },
        now,
      );
    },
  }),
};
