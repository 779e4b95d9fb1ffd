import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';

/** A key that has left the item counts again when its message comes twice. */
export const budgetMarkerUnread = budgetMutant({
  name: 'budget-marker-unread',
  wrong: 'only what is pending is looked at before a key is counted, and not its marker',
  setting: budgetSetting('budget-same-2', 5, ['record k 6', 'record k 6']),
  faults: 0,
  store: (store) => ({ ...store, readMarker: async () => undefined }),
});
