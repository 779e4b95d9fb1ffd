import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';

/** Two that both read "enough left" together pass the limit. */
export const budgetLimitUnchecked = budgetMutant({
  name: 'budget-limit-unchecked',
  wrong: 'a reserve looks at the total when it reads it, and not when it writes',
  setting: budgetSetting('budget-reserve-2', 10, ['reserve k 6', 'reserve l 6'], { maxPending: 2 }),
  faults: 0,
  table: (store) => ({
    ...store,
    count: (name, { atMost: _, ...operation }, now) => store.count(name, operation, now),
  }),
});
