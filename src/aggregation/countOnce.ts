import type { BudgetOperation, BudgetState } from './budgetState.js';
import type { BudgetStore } from './budgetStore.js';

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;

/** What every step works with: the options of `createBudget`, checked and complete. */
export interface BudgetContext {
  readonly store: BudgetStore;
  readonly name: string;
  readonly limit: number;
  readonly ttlSeconds: number;
  readonly maxPending: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What an operation adds, and under which condition on the total; `undefined` where it must not be counted now. */
export type Plan = (
  state: BudgetState,
) => Promise<Pick<BudgetOperation, 'amount' | 'atMost' | 'over' | 'crossedBy' | 'isCrossed'> | undefined>;

/** The budget afterwards, and whether the operation is counted: by this call, or by an earlier one. */
export interface Counted {
  readonly state: BudgetState;
  readonly isCounted: boolean;
}

async function readBudget({ store, name, ttlSeconds, now }: BudgetContext): Promise<BudgetState> {
  for (;;) {
    const at = now();
    const found =
      (await store.read(name, at)) ??
      (await store.create(name, Math.ceil(at / 1_000) + ttlSeconds, at)).current;
    if (found !== undefined) return found;
  }
}

/** What an operation was counted with, pending or not; `undefined` where it was not counted when `state` was read. */
export async function amountOf(
  { store, name, now }: BudgetContext,
  state: BudgetState,
  operation: string,
): Promise<number | undefined> {
  return state.pending.get(operation) ?? (await store.readMarker(name, operation, state.expiresAt, now()));
}

/**
 * Writes the markers, and only then lets the operations leave and raises the epoch. Anyone may do this at any time, twice
 * or late: the markers of an operation are all alike, and the epoch moves on from `state` but once.
 */
async function flush({ store, name, now }: BudgetContext, state: BudgetState): Promise<void> {
  const operations = [...state.pending.keys()];
  await Promise.all(
    Array.from(state.pending, ([operation, amount]) =>
      store.putMarker(name, operation, amount, state.expiresAt),
    ),
  );
  await store.flush(name, state, operations, now());
}

/** Waits for whoever filled the budget to flush it, and helps where that one seems to have died. */
async function waitForRoom(context: BudgetContext, full: BudgetState, round: number): Promise<void> {
  const { store, name, now, random, sleep, maxPending } = context;
  await sleep(Math.min(FIRST_WAIT_MS * 2 ** round, LONGEST_WAIT_MS) * random());
  const state = await store.read(name, now());
  if (state === undefined || state.epoch !== full.epoch || state.expiresAt !== full.expiresAt) return;
  if (state.pending.size >= maxPending) await flush(context, state);
}

/**
 * Counts an operation once, whoever asks how often. It reads the budget, then the operation's marker, and writes under
 * the condition that the epoch is the one that it read: an operation that was counted in an earlier epoch has its
 * marker, and one that was counted in this epoch is pending.
 */
export async function countOnce(context: BudgetContext, operation: string, plan: Plan): Promise<Counted> {
  const { store, name, now, maxPending } = context;
  for (let round = 0; ; round += 1) {
    const seen = await readBudget(context);
    if ((await amountOf(context, seen, operation)) !== undefined) {
      // Read again: the operation may have been counted, and may have crossed the limit, just after the first read.
      const state = await readBudget(context);
      if (state.expiresAt === seen.expiresAt) return { state, isCounted: true };
      // The budget has expired in between: in its new life the operation does not count yet.
      continue;
    }
    let state = seen;
    while (state.epoch === seen.epoch && state.expiresAt === seen.expiresAt) {
      // Also this call's own, which the SDK repeated after a lost reply.
      if (state.pending.has(operation)) return { state, isCounted: true };
      if (state.pending.size >= maxPending) {
        await waitForRoom(context, state, round);
        break;
      }
      const planned = await plan(state);
      if (planned === undefined) return { state, isCounted: false };
      const wanted = { ...planned, operation, seen, mostPending: maxPending - 1 };
      const { applied, current } = await store.count(name, wanted, now());
      if (current === undefined) break;
      if (applied) {
        // The operation is counted already: a flush that fails is left to the next caller.
        if (current.pending.size >= maxPending) await flush(context, current).catch(() => undefined);
        return { state: current, isCounted: true };
      }
      state = current;
    }
  }
}
