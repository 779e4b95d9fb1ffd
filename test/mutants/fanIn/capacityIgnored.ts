import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** An index that was never handed out takes the place of one that was. */
export const capacityIgnored: FanInMutant = {
  name: 'capacity-ignored',
  wrong: 'a leaf accepts offsets that were never handed out',
  scenario: scenario('stray-1', 's', { strays: [1] }),
  faults: 0,
  table: (store) => ({
    ...store,
    createNode: (id, node, now) => store.createNode(id, { ...node, capacity: node.leafSize }, now),
  }),
};
