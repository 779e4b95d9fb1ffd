import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** Two processes that both saw the root full decide one after the other. */
export const decideAgain: FanInMutant = {
  name: 'decide-again',
  wrong: 'a later decision replaces an earlier one',
  scenario: scenario('fixed-2', 'ss'),
  faults: 1,
  store(store) {
    return {
      ...store,
      async changeMeta(id, change, now) {
        const written = await store.changeMeta(id, change, now);
        const { current } = written;
        if (change.type !== 'decided' || written.applied || current?.phase !== 'decided') return written;
        return { applied: true, current: { ...current, decision: change.decision } };
      },
    };
  },
};
