import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';
import { changeMeta, type FanInMeta, type MetaChange } from '../../../src/aggregation/fanInMeta.js';

/** The decision lives in the process that delivers it until the delivery is done: another one makes its own. */
export const deliveredBeforeDecided: FanInMutant = {
  name: 'delivered-before-decided',
  wrong: 'onComplete is told first, and only then is the decision written',
  scenario: scenario('fixed-1', 's'),
  faults: 1,
  store(store) {
    let held: { readonly decided: MetaChange; readonly meta: FanInMeta } | undefined;
    return {
      ...store,
      async changeMeta(id, change, now) {
        if (change.type === 'decided') {
          const found = await store.readMeta(id, now);
          const meta = found && changeMeta(found, change);
          if (meta !== undefined) held = { decided: change, meta };
          return { applied: meta !== undefined, current: meta ?? found };
        }
        if (held === undefined) return store.changeMeta(id, change, now);
        if (change.type === 'delivered') {
          await store.changeMeta(id, held.decided, now);
          return store.changeMeta(id, change, now);
        }
        return { applied: true, current: changeMeta(held.meta, change) };
      },
    };
  },
};
