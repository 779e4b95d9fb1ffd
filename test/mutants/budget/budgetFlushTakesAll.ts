import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';
import { flushOperations } from '../../../src/aggregation/budgetState.js';

/** A late flush takes operations along that came after it had written its markers. */
export const budgetFlushTakesAll = budgetMutant({
  name: 'budget-flush-takes-all',
  wrong: 'a flush empties the item instead of removing exactly what it has marked',
  setting: budgetSetting('budget-record-3', 10, ['record k 6', 'record l 6', 'record m 6']),
  faults: 0,
  table: (store, { budgets }) => ({
    ...store,
    async flush(name, _seen, _operations, now) {
      const state = await store.read(name, now);
      const changed = state && flushOperations(state, state, [...state.pending.keys()]);
      if (changed !== undefined) budgets.set(name, changed);
      return { applied: changed !== undefined, current: changed };
    },
  }),
});
