import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** A publisher comes back to indices that were handed out, and to no leaves for them. */
export const openedAsItStands: FanInMutant = {
  name: 'opened-as-it-stands',
  wrong: 'opening again completes nothing that an earlier process died over',
  scenario: scenario('stream-refused-2', 'su', { publishing: 'stream', workers: 1 }),
  faults: 1,
  fanIn: (fanIn) => ({
    ...fanIn,
    open: async (id, options) => (await fanIn.status(id)) ?? fanIn.open(id, options),
  }),
};
