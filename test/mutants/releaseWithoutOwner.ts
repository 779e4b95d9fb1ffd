import type { Mutant } from '../../explorer/mutant.js';
import { scenario } from '../../explorer/scenario.js';

/** A deliverer whose lease ran out long ago fails, and gives back the lease of the one that delivers now. */
export const releaseWithoutOwner: Mutant = {
  name: 'release-without-owner',
  wrong: 'a failed delivery gives back whatever lease there is',
  scenario: scenario('slow-2', 'ss', { ticks: [2_000], workers: 3 }),
  faults: 2,
  table: (store) => ({
    ...store,
    async changeMeta(id, change, now) {
      const owner = (await store.readMeta(id, now))?.lease?.owner;
      const anyone = change.type === 'released' && owner !== undefined;
      return store.changeMeta(id, anyone ? { type: 'released', owner } : change, now);
    },
  }),
};
