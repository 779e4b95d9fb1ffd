import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';
import { countOperation } from '../../../src/aggregation/budgetState.js';

/** Two that saw the total below the limit both cross it. */
export const budgetCrosserReplaced = budgetMutant({
  name: 'budget-crosser-replaced',
  wrong: 'the key that crosses the limit replaces one that crossed before',
  setting: budgetSetting('budget-record-3', 10, ['record k 11', 'record l 11'], { maxPending: 2 }),
  faults: 0,
  table: (store, { budgets }) => ({
    ...store,
    async count(name, operation, now) {
      const state = await store.read(name, now);
      const isCrossing = operation.crossedBy !== undefined;
      const seen = state && isCrossing ? { ...state, crossedBy: undefined } : state;
      const changed = seen && countOperation(seen, operation);
      if (changed !== undefined) budgets.set(name, changed);
      return { applied: changed !== undefined, current: changed ?? state };
    },
  }),
});
