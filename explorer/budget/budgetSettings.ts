import { type BudgetSetting, budgetSetting } from './budgetSetting.js';

/** The budgets that are explored, each the smallest in which its subject can go wrong. */
export const budgetSettings: readonly BudgetSetting[] = [
  budgetSetting('budget-record-2', 10, ['record k 6', 'record l 6'], { share: 2 }),
  budgetSetting('budget-record-3', 10, ['record k 6', 'record l 6', 'record m 6'], { maxPending: 2 }),
  budgetSetting('budget-same-2', 5, ['record k 6', 'record k 6']),
  budgetSetting('budget-same-3', 10, ['record k 6', 'record k 6', 'record l 6']),
  budgetSetting('budget-reserve-2', 10, ['reserve k 6', 'reserve l 6'], { share: 2 }),
  budgetSetting('budget-reserve-3', 10, ['reserve k 4', 'reserve l 4', 'reserve m 4']),
  budgetSetting('budget-release-2', 10, ['reserve k 6', 'release k']),
  budgetSetting('budget-release-3', 10, ['reserve k 6', 'release k @0', 'reserve l 6']),
  budgetSetting('budget-released-3', 10, ['reserve k 6', 'release k @0', 'reserve k 6'], { maxPending: 2 }),
  budgetSetting('budget-again-3', 10, ['record k 11', 'release k @0', 'record l 11'], { maxPending: 2 }),
  budgetSetting('budget-total-3', 10, ['record k 6', 'record l 6', 'total']),
  budgetSetting('budget-expired-2', 10, ['record k 6', 'record k 6'], { ttlSeconds: 10, ticks: [20_000] }),
];
