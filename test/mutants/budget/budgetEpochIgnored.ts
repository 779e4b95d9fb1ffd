import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';
import { countOperation } from '../../../src/aggregation/budgetState.js';

/** Between the look at the marker and the write the key was counted by another, and has left the item. */
export const budgetEpochIgnored = budgetMutant({
  name: 'budget-epoch-ignored',
  wrong: 'a key is counted whatever has left the item since its marker was read',
  setting: budgetSetting('budget-same-2', 20, ['record k 6', 'record k 6']),
  faults: 0,
  table: (store, { budgets }) => ({
    ...store,
    async count(name, operation, now) {
      const state = await store.read(name, now);
      const changed = state && countOperation(state, { ...operation, seen: state });
      if (changed !== undefined) budgets.set(name, changed);
      return { applied: changed !== undefined, current: changed ?? state };
    },
  }),
});
