import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';

/** Where the reply is lost, nobody ever hears that the limit was crossed. */
export const budgetCrosserNotKept = budgetMutant({
  name: 'budget-crosser-not-kept',
  wrong: 'the key that crossed is told so by the answer to its write, and not kept',
  setting: budgetSetting('budget-record-2', 10, ['record k 6', 'record l 6']),
  faults: 1,
  table: (store, { budgets }) => ({
    ...store,
    async count(name, operation, now) {
      const { crossedBy, ...rest } = operation;
      const written = await store.count(name, { ...rest, seen: operation.seen }, now);
      const state = budgets.get(name);
      if (!written.applied || state === undefined) return written;
      return { applied: true, current: { ...state, crossedBy } };
    },
  }),
});
