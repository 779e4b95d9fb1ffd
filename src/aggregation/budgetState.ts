/** A budget as it is stored: small, however many keys it has counted. */
export interface BudgetState {
  readonly total: number;
  /** Raised whenever pending operations are written to markers and leave. */
  readonly epoch: number;
  /**
   * The operations that have no marker yet, with what each added. Every operation that was ever counted is in here, or
   * has a marker.
   */
  readonly pending: ReadonlyMap<string, number>;
  /** The first key that took the total over the limit; it stays. */
  readonly crossedBy: string | undefined;
  /** In epoch seconds: the same on every marker of the budget. */
  readonly expiresAt: number;
}

/** Which life of which budget a caller looked at when it found that its operation was not counted. */
export type SeenBudget = Pick<BudgetState, 'epoch' | 'expiresAt'>;

/** One operation to count, with what must still be true of the budget. */
export interface BudgetOperation {
  readonly operation: string;
  /** Added to the total; negative to take away. */
  readonly amount: number;
  readonly seen: SeenBudget;
  /** The most operations that may be pending before. */
  readonly mostPending: number;
  /** The most that the total may be before. */
  readonly atMost?: number;
  /** What the total must be over before: then this operation crosses the limit, and `crossedBy` is the first to do so. */
  readonly over?: number;
  readonly crossedBy?: string;
  /** Whether another must have crossed before. */
  readonly isCrossed?: true;
}

const isSame = (state: BudgetState, seen: SeenBudget): boolean =>
  state.epoch === seen.epoch && state.expiresAt === seen.expiresAt;

/** The budget with an operation counted, or `undefined` where that is refused. */
export function countOperation(state: BudgetState, wanted: BudgetOperation): BudgetState | undefined {
  const { operation, amount, seen, mostPending, atMost, over, crossedBy, isCrossed } = wanted;
  if (!isSame(state, seen) || state.pending.has(operation) || state.pending.size > mostPending)
    return undefined;
  if (atMost !== undefined && state.total > atMost) return undefined;
  if (over !== undefined && state.total <= over) return undefined;
  if (crossedBy !== undefined && state.crossedBy !== undefined) return undefined;
  if (isCrossed && state.crossedBy === undefined) return undefined;
  return {
    ...state,
    total: state.total + amount,
    pending: new Map(state.pending).set(operation, amount),
    crossedBy: crossedBy ?? state.crossedBy,
  };
}

/** The budget without the operations that have markers by now, in its next epoch; `undefined` where it moved on. */
export function flushOperations(
  state: BudgetState,
  seen: SeenBudget,
  operations: readonly string[],
): BudgetState | undefined {
  if (!isSame(state, seen)) return undefined;
  const pending = new Map(state.pending);
  for (const operation of operations) pending.delete(operation);
  return { ...state, epoch: state.epoch + 1, pending };
}
