import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';
import { type BudgetState, countOperation, type SeenBudget } from '../../../src/aggregation/budgetState.js';

const isWhole = (seen: SeenBudget): seen is BudgetState => 'pending' in seen;

/** Two that read the same total both write theirs, and one amount is lost. */
export const budgetReadThenWrite = budgetMutant({
  name: 'budget-read-then-write',
  wrong: 'the total is read, added to, and written without a condition',
  setting: budgetSetting('budget-record-2', 10, ['record k 6', 'record l 6']),
  faults: 0,
  table: (store, { budgets }) => ({
    ...store,
    async count(name, operation, now) {
      const { seen } = operation;
      const changed = isWhole(seen) ? countOperation(seen, operation) : undefined;
      if (changed === undefined) return store.count(name, operation, now);
      budgets.set(name, changed);
      return { applied: true, current: changed };
    },
  }),
});
