import {
  expectFunction,
  expectId,
  expectInteger,
  expectNumber,
  expectSignal,
  invalidArgument,
} from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { keepLease } from '../lease.js';
import {
  expectSlot,
  expiryOf,
  MAX_LEASE_MS,
  type SemaphoreContext,
  type Slot,
  slotNotFree,
  tryAcquire,
} from './acquireSlot.js';
import type { SemaphoreStore } from './semaphoreStore.js';
import { sleep as sleepFor } from './sleep.js';

const MAX_LIMIT = 1_000;
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 1_000;

/** What `createSemaphore` works on. */
export interface SemaphoreTarget {
  /** `dynamoSemaphoreStore({ client, tableName })`, or `memorySemaphoreStore()`. */
  readonly store: SemaphoreStore;
  /** The clock, in epoch ms. @default Date.now */
  readonly now?: () => number;
  /** A number from 0 to 1, for the jitter. @default Math.random */
  readonly random?: () => number;
  /** Names acquisitions: unique. @default crypto.randomUUID */
  readonly randomId?: () => string;
  /** Waits for `ms`, or until `signal` aborts. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What `createSemaphore` takes. */
export interface SemaphoreOptions {
  /** How many may hold a slot at once, from 1 to 1,000. Callers may differ: each heeds its own. */
  readonly limit: number;
  /** How long a slot is held without renewal, in ms, at most a day; make it well over the difference of clocks. */
  readonly leaseMs: number;
}

/** What waiting for a slot takes. */
export interface AcquireOptions {
  /** How long to wait for a slot, in ms. @default 0 */
  readonly waitMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** What the work of {@link Semaphore.withSlot} is told. */
export interface SlotContext {
  readonly slot: Slot;
  /** Aborts when the lease is lost (`SlotLost`), or the caller's signal aborts: stop then. */
  readonly signal: AbortSignal;
}

/** A limit that processes share; see `createSemaphore`. */
export interface Semaphore {
  /** Takes a slot. The same holder never takes two: its earlier slot becomes this one, and the earlier token void. */
  acquire(holder: string, options?: AcquireOptions): Promise<Slot>;
  /** Extends the lease; throws `SlotLost` where the slot is not this one's any more. */
  renew(slot: Slot): Promise<Slot>;
  /** Gives the slot back; answers whether it still was this one's. */
  release(slot: Pick<Slot, 'holder' | 'token'>): Promise<boolean>;
  /** Works while holding a slot that is renewed, and gives it back however the work ends. */
  withSlot<T>(
    holder: string,
    work: (context: SlotContext) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T>;
}

function checkedContext(
  target: SemaphoreTarget,
  name: string,
  { limit, leaseMs }: SemaphoreOptions,
): SemaphoreContext {
  const { store, now = Date.now, random = Math.random, randomId, sleep = sleepFor } = target;
  if (typeof store?.change !== 'function')
    throw invalidArgument('store', 'dynamoSemaphoreStore(…) or memorySemaphoreStore()', store);
  expectId('name', name);
  expectInteger('limit', limit, 1, MAX_LIMIT);
  expectInteger('leaseMs', leaseMs, 1, MAX_LEASE_MS);
  return {
    store,
    name,
    limit,
    leaseMs,
    now,
    random,
    randomId: randomId ?? (() => crypto.randomUUID()),
    sleep,
  };
}

async function acquireSlot(
  context: SemaphoreContext,
  holder: string,
  { waitMs = 0, signal }: AcquireOptions,
): Promise<Slot> {
  expectId('holder', holder);
  expectNumber('waitMs', waitMs, 0);
  expectSignal('signal', signal);
  const { name, limit, now, random, sleep } = context;
  const deadline = now() + waitMs;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS)) {
    if (signal?.aborted) throw slotNotFree(name, limit, signal.reason);
    const slot = await tryAcquire(context, holder);
    if (slot !== undefined) return slot;
    const left = deadline - now();
    if (left <= 0) throw slotNotFree(name, limit);
    await sleep(Math.min(left, pollMs * (0.5 + random() / 2)), signal);
  }
}

/**
 * Creates a limit on how many workers do something at once, across processes: at most `limit` hold a slot. A slot is a
 * lease: a holder that dies gives it back after `leaseMs`; one that was paused for longer, or whose slot another
 * acquisition by the same holder took, is told by its `AbortSignal`, and cannot give back what is another's.
 *
 * Good for limits up to about a hundred and some tens of acquisitions a second: one item holds all (about 100 bytes a
 * holder), every write costs its size, and DynamoDB writes 1,000 KB a second to an item. The count is exact by the
 * callers' clocks: a lease must be much longer than clocks differ. Not fair: who waits polls (50 ms to 1 s, with
 * jitter), and a newcomer can be first. It limits, and makes nothing exclusive: for a lock with a fencing token use
 * `jobs.claim`.
 *
 * AWS calls (with `dynamoSemaphoreStore`): a `GetItem` for each try, an `UpdateItem` for each slot taken, renewed
 * (four times in `leaseMs`, by `withSlot`) and given back.
 *
 * @throws FanfoldError `InvalidArgument` before any call · `SlotNotFree`, retryable · `SlotLost`, retryable, by `renew`.
 * @example
 * ```ts
 * const semaphore = createSemaphore({ store: dynamoSemaphoreStore({ client, tableName }) }, 'database', { limit: 30, leaseMs: 60_000 });
 * await semaphore.withSlot(messageId, ({ signal }) => query({ signal }), { waitMs: 5_000 });
 * ```
 */
export function createSemaphore(target: SemaphoreTarget, name: string, options: SemaphoreOptions): Semaphore {
  const context = checkedContext(target, name, options);
  const { store, leaseMs, now } = context;

  const slotLost = (holder: string) =>
    new FanfoldError(
      'SlotLost',
      `${JSON.stringify(holder)} lost its slot of semaphore ${JSON.stringify(name)}`,
      { retryable: true },
    );
  const renew = async ({ holder, token }: Slot): Promise<Slot | undefined> => {
    const at = now();
    const until = at + leaseMs;
    const change = { type: 'renewed', holder, token, until, expiresAt: expiryOf(at) } as const;
    const { applied } = await store.change(name, change, at);
    return applied ? { holder, token, until } : undefined;
  };
  const release = async (slot: Pick<Slot, 'holder' | 'token'>): Promise<boolean> => {
    expectSlot(slot);
    const { holder, token } = slot;
    return (await store.change(name, { type: 'released', holder, token }, now())).applied;
  };

  return {
    acquire: async (holder, acquireOptions = {}) => acquireSlot(context, holder, acquireOptions),
    async renew(slot) {
      expectSlot(slot);
      const renewed = await renew(slot);
      if (renewed === undefined) throw slotLost(slot.holder);
      return renewed;
    },
    release,
    async withSlot(holder, work, acquireOptions = {}) {
      expectFunction('work', work);
      const slot = await acquireSlot(context, holder, acquireOptions);
      const lease = keepLease({
        leaseMs,
        until: slot.until,
        now,
        renew: async () => (await renew(slot))?.until,
        lost: () => slotLost(holder),
        signal: acquireOptions.signal,
      });
      try {
        return await work({ slot, signal: lease.signal });
      } finally {
        lease.stop();
        // What the work made must not be lost over this; the lease runs out by itself.
        await release(slot).catch(() => undefined);
      }
    },
  };
}
