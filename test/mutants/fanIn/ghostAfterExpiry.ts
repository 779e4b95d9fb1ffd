import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario, TTL_SECONDS } from '../../../explorer/fanIn/scenario.js';

/** An update without a condition makes the item that it does not find. */
export const ghostAfterExpiry: FanInMutant = {
  name: 'ghost-after-expiry',
  wrong: 'settling makes the leaf that it does not find, also when the job has expired',
  scenario: scenario('expired-1', 's', { ticks: [2_000_000_000], expires: true }),
  faults: 0,
  table: (store) => ({
    ...store,
    async addToLeaf(id, position, write, leafSize, now) {
      const address = { level: 0, position };
      const expiresAt = Math.ceil(now / 1_000) + TTL_SECONDS;
      const fresh = { address, leafSize, capacity: leafSize, sealed: true, eager: false, enough: undefined };
      await store.createNode(id, { ...fresh, expiresAt }, now);
      return store.addToLeaf(id, position, write, leafSize, now);
    },
  }),
};
