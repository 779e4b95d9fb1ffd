import type { BudgetOperation, BudgetState, SeenBudget } from './budgetState.js';

/** The answer of a conditional write. `current` is what stands there now; `undefined` when there is nothing. */
export interface BudgetWritten {
  readonly applied: boolean;
  readonly current: BudgetState | undefined;
}

/**
 * Where budgets live. Each method is one atomic call on one item, strongly consistent, so that a caller can die between
 * any two of them. A refused condition is an answer, not an error; a call that throws may have been applied. `now` is in
 * epoch ms: what has expired is gone, deleted or not.
 */
export interface BudgetStore {
  /** Puts an empty budget where there is none; answers with the one that stands there. */
  create(name: string, expiresAt: number, now: number): Promise<BudgetWritten>;
  read(name: string, now: number): Promise<BudgetState | undefined>;
  /** Adds an operation to the total and to what is pending. */
  count(name: string, operation: BudgetOperation, now: number): Promise<BudgetWritten>;
  /** Takes operations that have their markers out of what is pending, and raises the epoch. */
  flush(name: string, seen: SeenBudget, operations: readonly string[], now: number): Promise<BudgetWritten>;
  /** Notes for ever that an operation was counted, and with what; the same note may be written again. */
  putMarker(name: string, operation: string, amount: number, expiresAt: number): Promise<void>;
  /** What an operation was counted with in the life of the budget that ends at `expiresAt`. */
  readMarker(name: string, operation: string, expiresAt: number, now: number): Promise<number | undefined>;
}
