import { budgetMutant } from '../../../explorer/budget/budgetModel.js';
import { budgetSetting } from '../../../explorer/budget/budgetSetting.js';

/** Whoever dies in between leaves keys that count, and of which nothing is known. */
export const budgetFlushBeforeMarkers = budgetMutant({
  name: 'budget-flush-before-markers',
  wrong: 'keys leave the item before their markers are written',
  setting: budgetSetting('budget-record-2', 10, ['record k 6', 'record l 6']),
  faults: 1,
  store(store) {
    const owed: (() => Promise<void>)[] = [];
    return {
      ...store,
      async putMarker(...marker) {
        owed.push(() => store.putMarker(...marker));
      },
      async flush(...args) {
        const flushed = await store.flush(...args);
        for (const put of owed.splice(0)) await put();
        return flushed;
      },
    };
  },
});
