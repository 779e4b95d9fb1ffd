import { expectId, invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import type { SemaphoreStore } from './semaphoreStore.js';
import { expiredHolders, MAX_EVICTIONS, type Slots } from './slots.js';

/** The longest lease, in ms: a day. */
export const MAX_LEASE_MS = 86_400_000;
/** How long a semaphore that nobody touches is kept: longer than any lease in it can last. */
const KEPT_SECONDS = 7 * 86_400;

/** A slot that is held. */
export interface Slot {
  readonly holder: string;
  /** Names this acquisition: one by the same holder afterwards has another, and this one is void. */
  readonly token: string;
  /** Until when it is held, in epoch ms. */
  readonly until: number;
}

/** Refuses what is not a slot. */
export function expectSlot(slot: Pick<Slot, 'holder' | 'token'>): void {
  if (typeof slot !== 'object' || slot === null)
    throw invalidArgument('slot', 'a slot that was acquired', slot);
  expectId('slot.holder', slot.holder);
  expectId('slot.token', slot.token);
}

/** What every step works with: the options of `createSemaphore`, checked and complete. */
export interface SemaphoreContext {
  readonly store: SemaphoreStore;
  readonly name: string;
  readonly limit: number;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly randomId: () => string;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** When a semaphore that is written now expires, in epoch seconds. */
export const expiryOf = (now: number): number => Math.ceil(now / 1_000) + KEPT_SECONDS;

/** Every slot is taken. */
export function slotNotFree(name: string, limit: number, cause?: unknown): FanfoldError {
  const message = `none of the ${limit} slots of semaphore ${JSON.stringify(name)} is free`;
  return new FanfoldError('SlotNotFree', message, {
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}

async function takeSlot(context: SemaphoreContext, holder: string, token: string): Promise<Slot | undefined> {
  const { store, name, limit, leaseMs, now } = context;
  let slots: Slots | undefined = await store.read(name, now());
  for (;;) {
    const at = now();
    if (slots === undefined) {
      slots = (await store.create(name, expiryOf(at), at)).current;
      continue;
    }
    const own = slots.get(holder);
    // A refused write can be this call's own, repeated by the SDK after a lost reply.
    if (own?.token === token) return { holder, token, until: own.until };

    const expired = expiredHolders(slots, holder, at);
    if (expired.length > MAX_EVICTIONS) {
      const change = { type: 'evicted', expired: expired.slice(0, MAX_EVICTIONS), now: at } as const;
      slots = (await store.change(name, change, at)).current;
      continue;
    }
    // A holder that has a slot takes no second one, also where the limit is lower by now.
    const isHolding = own !== undefined && own.until > at;
    const leaving = expired.length + (own === undefined ? 0 : 1);
    const mostHolders = isHolding ? undefined : limit - 1 + leaving;
    if (mostHolders !== undefined && slots.size > mostHolders) return undefined;
    const lease = { token, until: at + leaseMs };
    const expiresAt = expiryOf(at);
    slots = (
      await store.change(
        name,
        { type: 'acquired', holder, seenToken: own?.token, lease, expired, mostHolders, now: at, expiresAt },
        at,
      )
    ).current;
  }
}

/** Tries once; `undefined` where no slot is free. A try whose end is not known is given back before it throws. */
export async function tryAcquire(context: SemaphoreContext, holder: string): Promise<Slot | undefined> {
  const { store, name, now, randomId } = context;
  const token = randomId();
  try {
    return await takeSlot(context, holder, token);
  } catch (error) {
    // It may have been applied. If this fails too, the slot is free when its lease runs out.
    await store.change(name, { type: 'released', holder, token }, now()).catch(() => undefined);
    throw error;
  }
}
