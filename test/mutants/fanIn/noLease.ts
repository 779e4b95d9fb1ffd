import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** Two processes that find the decision deliver it side by side. */
export const noLease: FanInMutant = {
  name: 'no-lease',
  wrong: 'the delivery is begun without taking the lease',
  scenario: scenario('fixed-2', 'ss'),
  faults: 1,
  store: (store) => ({
    ...store,
    async changeMeta(id, change, now) {
      if (change.type !== 'leased') return store.changeMeta(id, change, now);
      const current = await store.readMeta(id, now);
      const { owner, until } = change;
      return { applied: true, current: current && { ...current, lease: { owner, until } } };
    },
  }),
};
