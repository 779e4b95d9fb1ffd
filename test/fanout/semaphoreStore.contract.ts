import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SemaphoreStore } from '../../src/fanout/semaphoreStore.js';
import type { SlotChange } from '../../src/fanout/slots.js';

const NOW = 1_800_000_000_000;
const EXPIRES_AT = NOW / 1_000 + 60;
const AFTER_EXPIRY = (EXPIRES_AT + 1) * 1_000;
const lease = (token: string, until = NOW + 1_000) => ({ token, until });

/** What every semaphore store must do, whatever it stands on. */
export function describeSemaphoreStore(kind: string, getStore: () => SemaphoreStore): void {
  describe(`${kind} obeys the contract of a semaphore store`, () => {
    let store: SemaphoreStore;
    let name: string;
    const change = (wanted: SlotChange, now = NOW) => store.change(name, wanted, now);
    const acquired = (
      holder: string,
      token: string,
      partial: Partial<Extract<SlotChange, { type: 'acquired' }>> = {},
    ): SlotChange => ({
      type: 'acquired',
      holder,
      seenToken: undefined,
      lease: lease(token),
      expired: [],
      mostHolders: 1,
      now: NOW,
      expiresAt: EXPIRES_AT,
      ...partial,
    });

    beforeEach(async () => {
      store = getStore();
      name = `limit #${randomUUID()}`;
      await store.create(name, EXPIRES_AT, NOW);
    });

    it('is created once, without holders', async () => {
      await change(acquired('a', 'a1'));
      const current = new Map([['a', lease('a1')]]);
      expect(await store.create(name, EXPIRES_AT, NOW)).toEqual({ applied: false, current });
      expect(await store.read(name, NOW)).toEqual(current);
      const other = `${name} other`;
      expect(await store.create(other, EXPIRES_AT, NOW)).toEqual({ applied: true, current: new Map() });
    });

    it('is gone once it has expired, and is not raised by a change', async () => {
      expect(await store.read(name, AFTER_EXPIRY)).toBeUndefined();
      expect(await change(acquired('a', 'a1'), AFTER_EXPIRY)).toEqual({ applied: false, current: undefined });
      expect(await store.create(name, EXPIRES_AT + 100, AFTER_EXPIRY)).toEqual({
        applied: true,
        current: new Map(),
      });
    });

    it('takes as many holders as there is room for', async () => {
      await change(acquired('a', 'a1'));
      expect(await change(acquired('b #x.y', 'b1'))).toMatchObject({ applied: true });
      const full = new Map([
        ['a', lease('a1')],
        ['b #x.y', lease('b1')],
      ]);
      expect(await change(acquired('c', 'c1'))).toEqual({ applied: false, current: full });
    });

    it('replaces the lease of a holder only for a caller that saw it', async () => {
      await change(acquired('a', 'a1'));
      expect(await change(acquired('a', 'a2'))).toMatchObject({ applied: false });
      expect(await change(acquired('a', 'a2', { seenToken: 'a0' }))).toMatchObject({ applied: false });
      expect(await change(acquired('b', 'b2', { seenToken: 'b1' }))).toMatchObject({ applied: false });
      const replaced = await change(acquired('a', 'a2', { seenToken: 'a1', mostHolders: undefined }));
      expect(replaced).toEqual({ applied: true, current: new Map([['a', lease('a2')]]) });
    });

    it('removes leases that have run out in the same write, unless they were renewed or replaced', async () => {
      await change(acquired('a', 'a1'));
      await change(acquired('b', 'b1'));
      const evicting = (now: number, token = 'a1') =>
        change(
          acquired('c', 'c1', { now, expired: [{ holder: 'a', token }], lease: lease('c1', now + 1_000) }),
          now,
        );
      expect(await evicting(NOW + 999)).toMatchObject({ applied: false });
      expect(await evicting(NOW + 1_000, 'a0')).toMatchObject({ applied: false });
      const full = await change(
        acquired('c', 'c1', { now: NOW + 1_000, expired: [{ holder: 'a', token: 'a1' }], mostHolders: 1 }),
      );
      expect(full).toMatchObject({ applied: false });
      const allowed = acquired('c', 'c1', {
        now: NOW + 1_000,
        expired: [{ holder: 'a', token: 'a1' }],
        mostHolders: 2,
      });
      expect(await change(allowed)).toEqual({
        applied: true,
        current: new Map([
          ['b', lease('b1')],
          ['c', lease('c1')],
        ]),
      });
      expect(await change(allowed)).toMatchObject({ applied: false });
    });

    it('removes leases that have run out without taking a slot', async () => {
      await change(acquired('a', 'a1'));
      const expired = [{ holder: 'a', token: 'a1' }];
      expect(await change({ type: 'evicted', expired, now: NOW })).toMatchObject({ applied: false });
      expect(await change({ type: 'evicted', expired, now: NOW + 1_000 })).toEqual({
        applied: true,
        current: new Map(),
      });
    });

    it('renews and releases a slot by its holder and its token together', async () => {
      await change(acquired('a', 'a1'));
      const renewed = { type: 'renewed', until: NOW + 5_000, expiresAt: EXPIRES_AT + 50 } as const;
      for (const other of [
        { holder: 'a', token: 'a0' },
        { holder: 'b', token: 'a1' },
      ]) {
        expect(await change({ ...renewed, ...other })).toMatchObject({ applied: false });
        expect(await change({ type: 'released', ...other })).toMatchObject({ applied: false });
      }
      const own = { holder: 'a', token: 'a1' };
      expect(await change({ ...renewed, ...own })).toEqual({
        applied: true,
        current: new Map([['a', lease('a1', NOW + 5_000)]]),
      });
      expect(await store.read(name, AFTER_EXPIRY)).toBeDefined();
      expect(await change({ type: 'released', ...own })).toEqual({ applied: true, current: new Map() });
      expect(await change({ type: 'released', ...own })).toEqual({ applied: false, current: new Map() });
      expect(await change({ ...renewed, ...own })).toEqual({ applied: false, current: new Map() });
    });
  });
}
