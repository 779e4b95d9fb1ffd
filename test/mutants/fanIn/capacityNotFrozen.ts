import type { FanInMutant } from '../../../explorer/fanIn/fanInMutant.js';
import { scenario } from '../../../explorer/fanIn/scenario.js';

/** A leaf that is done so far is carried up, and then takes more. */
export const capacityNotFrozen: FanInMutant = {
  name: 'capacity-not-frozen',
  wrong: 'a leaf counts as full before the seal, and still grows',
  scenario: scenario('chunks-2', 'ss', { publishing: 'chunks' }),
  faults: 0,
  table: (store) => ({
    ...store,
    createNode: (id, node, now) => store.createNode(id, { ...node, sealed: true }, now),
  }),
};
