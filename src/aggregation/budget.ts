import { expectFunction, expectId, expectInteger, invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import type { BudgetStore } from './budgetStore.js';
import { amountOf, type BudgetContext, countOnce } from './countOnce.js';

/** More would make the item large for nothing: an operation's name can have 257 characters. */
const LARGEST_PENDING = 25;

/** What `createBudget` works on. */
export interface BudgetTarget {
  /** `dynamoBudgetStore({ client, tableName })`, or `memoryBudgetStore()`. */
  readonly store: BudgetStore;
  /** The clock, in epoch ms. @default Date.now */
  readonly now?: () => number;
  /** A number from 0 to 1, for the jitter. @default Math.random */
  readonly random?: () => number;
  /** Waits for `ms`. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** What `createBudget` takes. */
export interface BudgetOptions {
  /** In the smallest unit, such as cents: an integer from 0. Callers may differ: each heeds its own. */
  readonly limit: number;
  /** How long the budget is kept after its first operation; it then begins anew, at 0. @default 1_209_600 (14 days) */
  readonly ttlSeconds?: number;
  /** How many operations are kept in the item before they move to items of their own, from 1 to 25: for tests. @default 16 */
  readonly maxPending?: number;
}

/** What `record` answers. */
export interface RecordedAmount {
  /** Of all keys, in the smallest unit. */
  readonly total: number;
  /** Whether the total is over the limit now. */
  readonly exceeded: boolean;
  /** Whether this key was the first to take the total over the limit: true for one key and its repeats, for ever. */
  readonly crossed: boolean;
}

/** What `reserve` answers. */
export interface ReservedAmount {
  /** Whether the amount is reserved; a refusal is not remembered, and the same key may try again. */
  readonly reserved: boolean;
  readonly total: number;
  /** Set where the key was released before: a released key stays released. */
  readonly released?: true;
}

/** What `release` answers. */
export interface ReleasedAmount {
  /** Whether the key's amount is given back, by this call or an earlier one; false for a key that was never counted. */
  readonly released: boolean;
  readonly total: number;
}

/** A sum under a limit, in which every key counts once; see `createBudget`. */
export interface Budget {
  /** Adds, also over the limit: a circuit breaker. */
  record(key: string, amount: number): Promise<RecordedAmount>;
  /** Adds only what keeps the total within the limit: a cap. */
  reserve(key: string, amount: number): Promise<ReservedAmount>;
  /** Gives back what a key was counted with. */
  release(key: string): Promise<ReleasedAmount>;
  /** What is counted now. */
  total(): Promise<number>;
}

function checkedContext(
  { store, now = Date.now, random = Math.random, sleep }: BudgetTarget,
  name: string,
  { limit, ttlSeconds = 1_209_600, maxPending = 16 }: BudgetOptions,
): BudgetContext {
  if (typeof store?.count !== 'function')
    throw invalidArgument('store', 'dynamoBudgetStore(…) or memoryBudgetStore()', store);
  expectId('name', name);
  expectInteger('limit', limit, 0);
  expectInteger('ttlSeconds', ttlSeconds, 1);
  expectInteger('maxPending', maxPending, 1, LARGEST_PENDING);
  expectFunction('now', now);
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return { store, name, limit, ttlSeconds, maxPending, now, random, sleep: sleep ?? wait };
}

function checkOperation(key: string, amount: number): void {
  expectId('key', key);
  expectInteger('amount', amount, 0);
}

const addition = (key: string) => `add:${key}`;
const removal = (key: string) => `release:${key}`;

/**
 * Creates a budget: a sum that many processes add to, in which a key counts once, however often it is delivered.
 * `record` is a circuit breaker that tells exactly one key that it crossed the limit, `reserve` a cap that is never
 * passed.
 *
 * Amounts are **integers in the smallest unit**, such as cents, up to 2^53 − 1: binary fractions do not add up. A key
 * keeps the amount that it was first counted with. A key that was released stays released: retry under another key.
 *
 * Every call may be repeated after an error: whether the lost one was applied or not, the key counts once. A budget of
 * any number of keys is one small item, which takes some hundreds of operations a second, and one item for each key.
 *
 * AWS calls (with `dynamoBudgetStore`): two `GetItem`s and an `UpdateItem` for each operation, later a `PutItem`.
 *
 * @throws FanfoldError `InvalidArgument` before any call · `BudgetOverflow` where `record` would pass 2^53 − 1.
 * @example
 * ```ts
 * const breaker = createBudget({ store: dynamoBudgetStore({ client, tableName }) }, `failed-sells-${sessionId}`, { limit: 50_000_00 });
 * const { crossed } = await breaker.record(tradeId, amountInCents);
 * if (crossed) await publishBlocked(sessionId);
 * ```
 */
export function createBudget(target: BudgetTarget, name: string, options: BudgetOptions): Budget {
  const context = checkedContext(target, name, options);
  const { store, limit, now } = context;

  return {
    async record(key, amount) {
      checkOperation(key, amount);
      const { state } = await countOnce(context, addition(key), async ({ total, crossedBy }) => {
        const most = Number.MAX_SAFE_INTEGER - amount;
        if (total > most)
          throw new FanfoldError('BudgetOverflow', 'amount: the total would be larger than 2^53 - 1');
        // Who crosses is part of the write, so that a lost reply cannot hide it.
        if (total <= limit - amount) return { amount, atMost: limit - amount };
        const over = limit - amount;
        return crossedBy === undefined
          ? { amount, atMost: most, over, crossedBy: key }
          : { amount, atMost: most, isCrossed: true };
      });
      return { total: state.total, exceeded: state.total > limit, crossed: state.crossedBy === key };
    },

    async reserve(key, amount) {
      checkOperation(key, amount);
      const { state, isCounted } = await countOnce(context, addition(key), async ({ total }) =>
        total <= limit - amount ? { amount, atMost: limit - amount } : undefined,
      );
      const { total } = state;
      if (!isCounted) return { reserved: false, total };
      const isReleased = (await amountOf(context, state, removal(key))) !== undefined;
      return isReleased ? { reserved: false, total, released: true } : { reserved: true, total };
    },

    async release(key) {
      expectId('key', key);
      const { state, isCounted } = await countOnce(context, removal(key), async (seen) => {
        const amount = await amountOf(context, seen, addition(key));
        return amount === undefined ? undefined : { amount: 0 - amount };
      });
      return { released: isCounted, total: state.total };
    },

    async total() {
      return (await store.read(name, now()))?.total ?? 0;
    },
  };
}
