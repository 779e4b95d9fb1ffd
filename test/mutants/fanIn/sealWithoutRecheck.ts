import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** The last item was settled before the seal, so its settler could not know that the leaf was full. */
export const sealWithoutRecheck: FanInMutant = {
  name: 'seal-without-recheck',
  wrong: 'sealing a leaf does not look whether it was full already',
  scenario: scenario('stream-1', 's', { publishing: 'stream' }),
  faults: 0,
  store: (store) => ({
    ...store,
    async sealLeaf(id, position, now) {
      await store.sealLeaf(id, position, now);
      return undefined;
    },
  }),
};
