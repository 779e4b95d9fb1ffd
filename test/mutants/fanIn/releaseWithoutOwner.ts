import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** A deliverer whose lease ran out long ago fails, and gives back the lease of the one that delivers now. */
export const releaseWithoutOwner: FanInMutant = {
  name: 'release-without-owner',
  wrong: 'a failed delivery gives back whatever lease there is',
  scenario: scenario('slow-sweep-1', 's', { ticks: [2_000], sweeps: 1, sweeper: true, workers: 1 }),
  faults: 1,
  table: (store) => ({
    ...store,
    async changeMeta(id, change, now) {
      const owner = (await store.readMeta(id, now))?.lease?.owner;
      const anyone = change.type === 'released' && owner !== undefined;
      return store.changeMeta(id, anyone ? { type: 'released', owner } : change, now);
    },
  }),
};
