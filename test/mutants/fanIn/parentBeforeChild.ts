import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';
import { addToLeaf, isFull, tallyLeaf } from '../../../src/aggregation/fanInNode.js';

/** The root hears of a leaf that is about to be full, and may decide before it is. */
export const parentBeforeChild: FanInMutant = {
  name: 'parent-before-child',
  wrong: 'the root is told of a full leaf before the leaf is written',
  scenario: scenario('fixed-3', 'sss'),
  faults: 0,
  store: (store) => ({
    ...store,
    async addToLeaf(id, position, write, leafSize, now) {
      const [leaf] = await store.readLeaves(id, [position], now);
      const full = leaf && addToLeaf(leaf, write);
      if (full !== undefined && isFull(full)) {
        const told = { type: 'rolledUp', offset: position, tally: tallyLeaf(full) } as const;
        await store.changeMeta(id, told, now);
      }
      return store.addToLeaf(id, position, write, leafSize, now);
    },
  }),
};
