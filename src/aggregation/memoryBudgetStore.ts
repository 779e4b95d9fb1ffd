import { key } from '../table.js';
import { type BudgetState, countOperation, flushOperations } from './budgetState.js';
import type { BudgetStore, BudgetWritten } from './budgetStore.js';

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
  const live = (name: string, now: number): BudgetState | undefined => {
    const found = budgets.get(name);
    return found !== undefined && found.expiresAt * 1_000 > now ? found : undefined;
  };
  const write = (
    name: string,
    found: BudgetState | undefined,
    changed: BudgetState | undefined,
  ): BudgetWritten => {
    if (changed !== undefined) budgets.set(name, changed);
    return { applied: changed !== undefined, current: changed ?? found };
  };
  return {
    async create(name, expiresAt, now) {
      const found = live(name, now);
      const fresh = { total: 0, epoch: 0, pending: new Map(), crossedBy: undefined, expiresAt };
      return write(name, found, found === undefined ? fresh : undefined);
    },
    async read(name, now) {
      return live(name, now);
    },
    async count(name, operation, now) {
      const found = live(name, now);
      return write(name, found, found && countOperation(found, operation));
    },
    async flush(name, seen, operations, now) {
      const found = live(name, now);
      return write(name, found, found && flushOperations(found, seen, operations));
    },
    async putMarker(name, operation, amount, expiresAt) {
      markers.set(key(name, expiresAt, operation), amount);
    },
    async readMarker(name, operation, expiresAt) {
      return markers.get(key(name, expiresAt, operation));
    },
  };
}
