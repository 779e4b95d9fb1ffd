import {
  type Budget,
  type BudgetStore,
  createBudget,
  createSemaphore,
  type Semaphore,
  type SemaphoreStore,
} from 'fanfold';
import type { RunFacts } from './trade.js';

/** How many trades of an account may run at once. */
export const MOST_AT_ONCE = 10;
const SLOT_LEASE_MS = 60_000;

export interface LimitsParts {
  readonly budgets: BudgetStore;
  readonly semaphores: SemaphoreStore;
  /** @default the clock */
  readonly time?: Time;
}

/** A clock, how to wait by it, and chance; for simulations. */
export interface Time {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** For the jitter of whoever waits for a slot. */
  readonly random: () => number;
}

/** What holds trades back. */
export interface Limits {
  /** What was bought, or is about to be: a cap that is never passed. */
  equity(run: RunFacts): Budget;
  /** What could not be sold: a breaker. */
  failedSells(run: RunFacts): Budget;
  /** The trades of an account that run at once. */
  slots(accountId: string): Semaphore;
}

/** The limits of runs and accounts. Every name holds its run or account: a budget counts within it. */
export function createLimits({ budgets, semaphores, time }: LimitsParts): Limits {
  const clock: Partial<Time> = time ?? {};
  const budget = (name: string, limit: number) => createBudget({ store: budgets, ...clock }, name, { limit });
  return {
    equity: ({ run_id, equity_limit_cents }) => budget(`equity/${run_id}`, equity_limit_cents),
    failedSells: ({ run_id, failed_sell_limit_cents }) =>
      budget(`failed-sells/${run_id}`, failed_sell_limit_cents),
    slots: (accountId) =>
      createSemaphore({ store: semaphores, ...clock }, `trades/${accountId}`, {
        limit: MOST_AT_ONCE,
        leaseMs: SLOT_LEASE_MS,
      }),
  };
}
