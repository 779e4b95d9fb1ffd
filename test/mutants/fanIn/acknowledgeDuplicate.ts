import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';
import { offsetsOf } from '../../../src/aggregation/fanInNode.js';

/** Whoever settled first may have died before it carried the leaf up: then nobody does. */
export const acknowledgeDuplicate: FanInMutant = {
  name: 'acknowledge-duplicate',
  wrong: 'a duplicate is acknowledged without helping: its leaf is never shown to be full',
  scenario: scenario('fixed-2', 'ss'),
  faults: 1,
  store: (store) => ({
    ...store,
    async addToLeaf(id, position, write, leafSize, now) {
      const written = await store.addToLeaf(id, position, write, leafSize, now);
      const { current } = written;
      if (current === undefined || !offsetsOf(write).every((offset) => current.done.has(offset)))
        return written;
      return { ...written, current: { ...current, capacity: leafSize + 1, sealed: false } };
    },
  }),
};
