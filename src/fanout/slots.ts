/** Who holds a slot, until when (epoch ms); the token is another for every acquisition. */
export interface SlotLease {
  readonly token: string;
  readonly until: number;
}

/** The slots that are taken, by holder. Leases that have run out stay until somebody acquires. */
export type Slots = ReadonlyMap<string, SlotLease>;

export interface SlotHolder {
  readonly holder: string;
  readonly token: string;
}

/** One atomic, conditional write to a semaphore; {@link changeSlots} says when each is allowed. */
export type SlotChange =
  | {
      readonly type: 'acquired';
      readonly holder: string;
      /** The lease that this holder had when the caller looked: it is replaced, and takes no second slot. */
      readonly seenToken: string | undefined;
      readonly lease: SlotLease;
      /** Leases of others that had run out at `now`; they are removed. */
      readonly expired: readonly SlotHolder[];
      /** The most holders that may stand there before; `undefined` where no further slot is taken. */
      readonly mostHolders: number | undefined;
      readonly now: number;
      /** In epoch seconds. */
      readonly expiresAt: number;
    }
  | { readonly type: 'evicted'; readonly expired: readonly SlotHolder[]; readonly now: number }
  | ({ readonly type: 'renewed'; readonly until: number; readonly expiresAt: number } & SlotHolder)
  | ({ readonly type: 'released' } & SlotHolder);

/** The most leases that one write removes: an expression has its limits. */
export const MAX_EVICTIONS = 20;

/** The leases of others that have run out. */
export function expiredHolders(slots: Slots, holder: string, now: number): SlotHolder[] {
  return Array.from(slots, ([name, { token, until }]) => ({ holder: name, token, until }))
    .filter((slot) => slot.holder !== holder && slot.until <= now)
    .map(({ holder: name, token }) => ({ holder: name, token }));
}

/** The slots after a change, or `undefined` where the change is refused. */
export function changeSlots(slots: Slots, change: SlotChange): Slots | undefined {
  const holds = ({ holder, token }: SlotHolder) => slots.get(holder)?.token === token;
  const changed = new Map(slots);
  switch (change.type) {
    case 'acquired':
    case 'evicted': {
      const { expired, now } = change;
      if (!expired.every((slot) => holds(slot) && (slots.get(slot.holder)?.until ?? now) <= now))
        return undefined;
      for (const { holder } of expired) changed.delete(holder);
      if (change.type === 'evicted') return changed;
      const { holder, seenToken, lease, mostHolders = slots.size } = change;
      if (slots.get(holder)?.token !== seenToken || slots.size > mostHolders) return undefined;
      return changed.set(holder, lease);
    }
    case 'renewed':
      return holds(change)
        ? changed.set(change.holder, { token: change.token, until: change.until })
        : undefined;
    case 'released':
      if (!holds(change)) return undefined;
      changed.delete(change.holder);
      return changed;
  }
}
