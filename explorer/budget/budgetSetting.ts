import type { BudgetStore } from '../../src/aggregation/budgetStore.js';
import type { BudgetMemory } from '../../src/aggregation/memoryBudgetStore.js';

/** One place in which the protocol of budgets is broken on purpose. */
export interface BudgetMutation {
  /** The store as a process sees it: each call that it makes is a yield point of its own. */
  readonly store?: (store: BudgetStore) => BudgetStore;
  /** The table itself: whatever it does is one atomic step. */
  readonly table?: (store: BudgetStore, memory: BudgetMemory) => BudgetStore;
}

/** What somebody wants of the budget. */
export interface BudgetWish {
  readonly deed: 'record' | 'reserve' | 'release' | 'total';
  readonly key: string;
  readonly amount: number;
  /** The position of the wish that has to be fulfilled first. */
  readonly after?: number;
}

/** A budget and those who count in it. */
export interface BudgetSetting {
  readonly name: string;
  readonly wishes: readonly BudgetWish[];
  readonly limit: number;
  readonly maxPending: number;
  readonly ttlSeconds: number;
  /** Times to which the clock may jump at any moment, in ms after the start. */
  readonly ticks: readonly number[];
  readonly share: number;
  readonly mutant: BudgetMutation | undefined;
}

const defaults: Omit<BudgetSetting, 'name' | 'wishes' | 'limit'> = {
  maxPending: 1,
  ttlSeconds: 1_000_000,
  ticks: [],
  share: 1,
  mutant: undefined,
};

/** `wishes` are words like `reserve k 6`, or `release k @0` for one that comes after the first. */
export function budgetSetting(
  name: string,
  limit: number,
  wishes: readonly string[],
  options: Partial<BudgetSetting> = {},
): BudgetSetting {
  const parsed = wishes.map((wish): BudgetWish => {
    const [deed, key = '', ...rest] = wish.split(' ');
    const after = rest.find((word) => word.startsWith('@'));
    const amount = Number(rest.find((word) => !word.startsWith('@')) ?? 0);
    return {
      deed: deed as BudgetWish['deed'],
      key,
      amount,
      ...(after === undefined ? {} : { after: Number(after.slice(1)) }),
    };
  });
  return { ...defaults, ...options, name, limit, wishes: parsed };
}
