import { type Budget, createBudget } from '../../src/aggregation/budget.js';
import type { BudgetStore } from '../../src/aggregation/budgetStore.js';
import type { Caller } from '../callers/primitive.js';
import { yielding } from '../yielding.js';
import type { BudgetSetting, BudgetWish } from './budgetSetting.js';

export const BUDGET = 'budget';

const METHODS = ['create', 'read', 'count', 'flush', 'putMarker', 'readMarker'] as const;

function fulfil(budget: Budget, { deed, key, amount }: BudgetWish): Promise<unknown> {
  switch (deed) {
    case 'record':
      return budget.record(key, amount);
    case 'reserve':
      return budget.reserve(key, amount);
    case 'release':
      return budget.release(key);
    default:
      return budget.total();
  }
}

/** The callers of a setting, named a, b, c, d; each asks until it is answered. */
export function budgetCallers({ wishes, limit, maxPending, ttlSeconds, mutant }: BudgetSetting): Caller[] {
  return wishes.map((wish, position) => ({
    name: 'abcd'.charAt(position),
    does: `${wish.deed} ${wish.key}${wish.amount === 0 ? '' : ` ${wish.amount}`}`,
    ...(wish.after === undefined ? {} : { after: 'abcd'.charAt(wish.after) }),
    run(environment) {
      const yieldingStore = yielding<BudgetStore>(environment, METHODS);
      const target = {
        store: mutant?.store?.(yieldingStore) ?? yieldingStore,
        now: environment.now,
        random: () => 1,
        sleep: async (ms: number) => void (await environment.call('sleep', ms)),
      };
      return fulfil(createBudget(target, BUDGET, { limit, maxPending, ttlSeconds }), wish);
    },
  }));
}
