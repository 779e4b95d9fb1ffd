import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';

/** Many at once fill the item beyond what one flush, or the item itself, can take. */
export const budgetPendingUnbounded = budgetMutant({
  name: 'budget-pending-unbounded',
  wrong: 'a key is added to the item however many are pending',
  setting: budgetSetting('budget-record-2', 10, ['record k 1', 'record l 1']),
  faults: 0,
  table: (store) => ({
    ...store,
    count: (name, operation, now) => store.count(name, { ...operation, mostPending: 1_000 }, now),
  }),
});
