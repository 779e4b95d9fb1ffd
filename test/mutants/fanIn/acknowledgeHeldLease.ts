import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';
import { isFanfoldError } from '../../../src/errors.js';

/** Where the holder of the lease dies, the one that relied on it was the last that ever came by. */
export const acknowledgeHeldLease: FanInMutant = {
  name: 'acknowledge-held-lease',
  wrong: 'a message is acknowledged because another process is delivering',
  scenario: scenario('fixed-1', 's'),
  faults: 2,
  fanIn: (fanIn) => ({
    ...fanIn,
    async settle(id, entries) {
      try {
        return await fanIn.settle(id, entries);
      } catch (error) {
        if (!isFanfoldError(error, 'DeliveryInProgress')) throw error;
        return { entries: entries.map(() => 'duplicate'), state: 'decided' };
      }
    },
  }),
};
