import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** An opener that dies in between leaves a root whose leaves nobody makes any more. */
export const openedTooEarly: FanInMutant = {
  name: 'opened-too-early',
  wrong: 'the root is open before its nodes exist, and opening again does not look',
  scenario: scenario('open-2', 'ss', { publishing: 'open' }),
  faults: 1,
  store: (store) => ({
    ...store,
    async createMeta(meta, now) {
      const written = await store.createMeta(meta, now);
      await store.changeMeta(meta.id, { type: 'opened', dueAt: meta.dueAt ?? now }, now);
      return written;
    },
  }),
};
