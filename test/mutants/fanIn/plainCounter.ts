import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';
import { type OutcomeStatus, outcomeStatuses } from '../../../src/aggregation/outcome.js';

/** Without the offsets a leaf counts whatever comes, so that a duplicate takes the place of an item. */
export const plainCounter: FanInMutant = {
  name: 'plain-counter',
  wrong: 'a leaf counts arrivals instead of remembering offsets',
  scenario: scenario('fixed-2', 'ss'),
  faults: 2,
  table: (store) => ({
    ...store,
    async addToLeaf(id, position, write, leafSize, now) {
      const [leaf] = await store.readLeaves(id, [position], now);
      let next = leaf?.done.size ?? 0;
      const counted: Record<OutcomeStatus, number[]> = {
        succeeded: [],
        failed: [],
        timedOut: [],
        cancelled: [],
      };
      for (const status of outcomeStatuses) {
        for (const _ of write[status]) {
          if (next < (leaf?.capacity ?? 0)) counted[status].push(next);
          next += 1;
        }
      }
      return store.addToLeaf(id, position, counted, leafSize, now);
    },
  }),
};
