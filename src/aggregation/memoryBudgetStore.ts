import { openShelf } from '../openShelf.js';
import { key } from '../table.js';
import { type BudgetState, countOperation, flushOperations } from './budgetState.js';
import type { BudgetStore } from './budgetStore.js';

/** What a memory store holds. Its values are never changed in place. */
export interface BudgetMemory {
  readonly budgets: Map<string, BudgetState>;
  readonly markers: Map<string, number>;
}

/**
 * A budget store in this process's memory, for tests and for budgets that live and die with one process. It obeys the
 * same contract suite as the DynamoDB store.
 *
 * @example
 * ```ts
 * const budget = createBudget({ store: memoryBudgetStore() }, 'session-1', { limit: 100_000 });
 * ```
 */
export function memoryBudgetStore(
  { budgets, markers }: BudgetMemory = { budgets: new Map(), markers: new Map() },
): BudgetStore {
  const shelf = openShelf(budgets);

  return {
    async create(name, expiresAt, now) {
      const fresh = { total: 0, epoch: 0, pending: new Map(), crossedBy: undefined, expiresAt };
      return shelf.create(name, fresh, now);
    },
    read: async (name, now) => shelf.get(name, now),
    count: async (name, operation, now) =>
      shelf.change(name, now, (budget) => countOperation(budget, operation)),
    flush: async (name, seen, operations, now) =>
      shelf.change(name, now, (budget) => flushOperations(budget, seen, operations)),
    async putMarker(name, operation, amount, expiresAt) {
      markers.set(key(name, expiresAt, operation), amount);
    },
    readMarker: async (name, operation, expiresAt) => markers.get(key(name, expiresAt, operation)),
  };
}
