import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BudgetOperation } from '../../src/aggregation/budgetState.js';
import type { BudgetStore } from '../../src/aggregation/budgetStore.js';

const NOW = 1_800_000_000_000;
const EXPIRES_AT = NOW / 1_000 + 60;
const AFTER_EXPIRY = (EXPIRES_AT + 1) * 1_000;
const SEEN = { epoch: 0, expiresAt: EXPIRES_AT };

/** What every budget store must do, whatever it stands on. */
export function describeBudgetStore(kind: string, getStore: () => BudgetStore): void {
  describe(`${kind} obeys the contract of a budget store`, () => {
    let store: BudgetStore;
    let name: string;
    const empty = {
      total: 0,
      epoch: 0,
      pending: new Map(),
      crossedBy: undefined,
      expiresAt: EXPIRES_AT,
    };
    const count = (operation: string, partial: Partial<BudgetOperation> = {}, now = NOW) =>
      store.count(name, { operation, amount: 5, seen: SEEN, mostPending: 9, ...partial }, now);

    beforeEach(async () => {
      store = getStore();
      name = `budget #${randomUUID()}`;
      await store.create(name, EXPIRES_AT, NOW);
    });

    it('is created once, empty', async () => {
      expect(await store.read(name, NOW)).toEqual(empty);
      await count('a');
      const current = { ...empty, total: 5, pending: new Map([['a', 5]]) };
      expect(await store.create(name, EXPIRES_AT, NOW)).toEqual({ applied: false, current });
      expect(await store.read(name, NOW)).toEqual(current);
    });

    it('is gone once it has expired, and is not raised by a change', async () => {
      expect(await store.read(name, AFTER_EXPIRY)).toBeUndefined();
      expect(await count('a', {}, AFTER_EXPIRY)).toEqual({ applied: false, current: undefined });
      expect(await store.flush(name, SEEN, [], AFTER_EXPIRY)).toEqual({ applied: false, current: undefined });
      const expiresAt = EXPIRES_AT + 100;
      expect(await store.create(name, expiresAt, AFTER_EXPIRY)).toEqual({
        applied: true,
        current: { ...empty, expiresAt },
      });
    });

    it('counts an operation once in an epoch', async () => {
      const current = { ...empty, total: 5, pending: new Map([['add:#1.x', 5]]) };
      expect(await count('add:#1.x')).toEqual({ applied: true, current });
      expect(await count('add:#1.x', { amount: 7 })).toEqual({ applied: false, current });
      expect(await count('b', { amount: -5 })).toMatchObject({ applied: true, current: { total: 0 } });
    });

    it('counts only for a caller that saw this epoch of this life', async () => {
      expect(await count('a', { seen: { ...SEEN, epoch: 1 } })).toEqual({ applied: false, current: empty });
      expect(await count('a', { seen: { ...SEEN, expiresAt: EXPIRES_AT + 1 } })).toMatchObject({
        applied: false,
      });
    });

    it('counts only while there is room for what is pending', async () => {
      expect(await count('a', { mostPending: 0 })).toMatchObject({ applied: true });
      expect(await count('b', { mostPending: 0 })).toMatchObject({ applied: false });
      expect(await count('b', { mostPending: 1 })).toMatchObject({ applied: true });
    });

    it('heeds the bounds of the total, both', async () => {
      await count('a', { amount: 10 });
      expect(await count('b', { atMost: 9 })).toMatchObject({ applied: false });
      expect(await count('b', { over: 10 })).toMatchObject({ applied: false });
      expect(await count('b', { atMost: 10, over: 9 })).toMatchObject({
        applied: true,
        current: { total: 15 },
      });
    });

    it('keeps the first that crossed', async () => {
      expect(await count('a', { isCrossed: true })).toMatchObject({ applied: false });
      expect(await count('a', { crossedBy: 'a' })).toMatchObject({
        applied: true,
        current: { crossedBy: 'a' },
      });
      expect(await count('b', { crossedBy: 'b' })).toMatchObject({
        applied: false,
        current: { crossedBy: 'a', total: 5 },
      });
      expect(await count('b', { isCrossed: true })).toMatchObject({
        applied: true,
        current: { crossedBy: 'a' },
      });
    });

    it('lets exactly the named operations leave, once in an epoch', async () => {
      for (const operation of ['a', 'b', 'c']) await count(operation);
      const current = { ...empty, epoch: 1, total: 15, pending: new Map([['c', 5]]) };
      expect(await store.flush(name, SEEN, ['a', 'b', 'not there'], NOW)).toEqual({ applied: true, current });
      expect(await store.flush(name, SEEN, ['c'], NOW)).toEqual({ applied: false, current });
      expect(await store.flush(name, { ...SEEN, epoch: 1 }, [], NOW)).toMatchObject({
        applied: true,
        current: { epoch: 2, pending: new Map([['c', 5]]) },
      });
    });

    it('keeps markers for the life of a budget, written as often as may be', async () => {
      expect(await store.readMarker(name, 'a', EXPIRES_AT, NOW)).toBeUndefined();
      await store.putMarker(name, 'a', -5, EXPIRES_AT);
      await store.putMarker(name, 'a', -5, EXPIRES_AT);
      expect(await store.readMarker(name, 'a', EXPIRES_AT, NOW)).toBe(-5);
      expect(await store.readMarker(name, 'b', EXPIRES_AT, NOW)).toBeUndefined();
      expect(await store.readMarker(name, 'a', EXPIRES_AT + 100, NOW)).toBeUndefined();
      expect(await store.readMarker(`${name} other`, 'a', EXPIRES_AT, NOW)).toBeUndefined();
    });
  });
}
