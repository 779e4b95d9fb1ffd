import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** The item counts as settled, and the process dies before it has stored what it settled. */
export const resultAfterSettle: FanInMutant = {
  name: 'result-after-settle',
  wrong: 'an item is counted before its result is stored',
  scenario: scenario('results-2', 'ss', { storeResults: true }),
  faults: 1,
  store(store) {
    const owed: (() => Promise<unknown>)[] = [];
    return {
      ...store,
      async keepRecord(...args) {
        if (args[1].kind !== 'result') return store.keepRecord(...args);
        owed.push(() => store.keepRecord(...args));
        return args[2];
      },
      async addToLeaf(...args) {
        const written = await store.addToLeaf(...args);
        for (const keep of owed.splice(0)) await keep();
        return written;
      },
    };
  },
};
