import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** A refused caller sees a lease, and takes it for its own. */
export const leaseWithoutOwner: FanInMutant = {
  name: 'lease-without-owner',
  wrong: 'whoever finds the delivery leased takes the lease for its own',
  scenario: scenario('fixed-2', 'ss'),
  faults: 1,
  store: (store) => ({
    ...store,
    async changeMeta(id, change, now) {
      const written = await store.changeMeta(id, change, now);
      const { current } = written;
      if (change.type !== 'leased' || current?.lease === undefined) return written;
      return { ...written, current: { ...current, lease: { ...current.lease, owner: change.owner } } };
    },
  }),
};
