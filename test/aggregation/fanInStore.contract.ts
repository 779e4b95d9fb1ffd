import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FanInMeta, MetaChange } from '../../src/aggregation/fanInMeta.js';
import { emptyTally, type LeafWrite } from '../../src/aggregation/fanInNode.js';
import type { FanInStore } from '../../src/aggregation/fanInStore.js';
import { collect } from '../collect.js';

const NOW = 1_800_000_000_000;
const EXPIRES_AT = NOW / 1_000 + 60;
const AFTER_EXPIRY = (EXPIRES_AT + 1) * 1_000;
const leafAt = { level: 0, position: 0 };
const branchAt = { level: 1, position: 3 };
const tally = { succeeded: 2, failed: 1, timedOut: 0, cancelled: 1 };

function write(partial: Partial<LeafWrite>): LeafWrite {
  return { succeeded: [], failed: [], timedOut: [], cancelled: [], ...partial };
}

/** What every fan-in store must do, whatever it stands on. */
export function describeFanInStore(name: string, getStore: () => FanInStore): void {
  describe(`${name} obeys the contract of a fan-in store`, () => {
    let store: FanInStore;
    let id: string;
    let meta: FanInMeta;
    const change = (wanted: MetaChange, now = NOW) => store.changeMeta(id, wanted, now);
    const delivered = (deliveryId: string, recipient?: string): MetaChange => ({
      type: 'delivered',
      deliveryId,
      recipient,
      delivery: 'confirmed',
    });
    const decision = (deliveryId: string) => ({
      counts: { expected: 2, succeeded: 2, failed: 0, timedOut: 0, cancelled: 0, notStarted: 0 },
      completionReason: 'ALL_COMPLETED' as const,
      deliveryId,
      decidedAt: NOW,
    });

    beforeEach(() => {
      store = getStore();
      id = `job #${randomUUID()}`;
      meta = {
        id,
        phase: 'opening',
        leafSize: 4,
        maxItems: 100,
        total: undefined,
        cutShort: false,
        allocated: 0,
        lastAllocation: undefined,
        limits: { toleratedFailureCount: 3, minSuccessful: 2 },
        storeResults: true,
        deadlineAt: NOW + 5_000,
        dueAt: NOW + 1_000,
        expiresAt: EXPIRES_AT,
        done: new Set(),
        tally: emptyTally,
        eagerFailures: new Set(),
        closing: undefined,
        decision: undefined,
        lease: undefined,
        recipient: undefined,
        delivery: undefined,
      };
    });

    describe('the root', () => {
      it('is created once, and read back whole', async () => {
        expect(await store.createMeta(meta, NOW)).toEqual({ applied: true, current: meta });
        const second = await store.createMeta({ ...meta, maxItems: 7 }, NOW);
        expect(second).toEqual({ applied: false, current: meta });
        expect(await store.readMeta(id, NOW)).toEqual(meta);
      });

      it('is not there before it is created, nor once it has expired', async () => {
        expect(await store.readMeta(id, NOW)).toBeUndefined();
        expect(await change({ type: 'opened', dueAt: NOW })).toEqual({ applied: false, current: undefined });
        await store.createMeta(meta, NOW);
        expect(await store.readMeta(id, AFTER_EXPIRY)).toBeUndefined();
        expect(await change({ type: 'opened', dueAt: NOW }, AFTER_EXPIRY)).toEqual({
          applied: false,
          current: undefined,
        });
      });

      it('can be created again once it has expired', async () => {
        await store.createMeta(meta, NOW);
        const again = { ...meta, expiresAt: EXPIRES_AT + 1_000 };
        expect(await store.createMeta(again, AFTER_EXPIRY)).toEqual({ applied: true, current: again });
      });

      it('opens once', async () => {
        await store.createMeta(meta, NOW);
        expect(await change({ type: 'opened', dueAt: NOW })).toMatchObject({
          applied: true,
          current: { phase: 'open' },
        });
        expect(await change({ type: 'opened', dueAt: NOW })).toMatchObject({
          applied: false,
          current: { phase: 'open' },
        });
      });

      it('hands out a range only to a caller that saw the last one', async () => {
        await store.createMeta(meta, NOW);
        const first = { key: 'a', start: 0, end: 5 };
        const applied = await change({ type: 'allocated', seen: meta, allocation: first });
        expect(applied).toMatchObject({ applied: true, current: { allocated: 5, lastAllocation: first } });
        const stale = await change({
          type: 'allocated',
          seen: meta,
          allocation: { key: 'b', start: 0, end: 3 },
        });
        expect(stale).toMatchObject({ applied: false, current: { allocated: 5, lastAllocation: first } });
        const seen = { allocated: 5, lastAllocation: { ...first, key: 'other' } };
        expect(
          await change({ type: 'allocated', seen, allocation: { key: 'b', start: 5, end: 6 } }),
        ).toMatchObject({ applied: false });
      });

      it('is sealed only at what was handed out, and hands out nothing afterwards', async () => {
        await store.createMeta(meta, NOW);
        const allocation = { key: 'a', start: 0, end: 5 };
        await change({ type: 'allocated', seen: meta, allocation });
        expect(await change({ type: 'sealed', total: 4, cutShort: false })).toMatchObject({
          applied: false,
          current: { total: undefined },
        });
        expect(await change({ type: 'sealed', total: 5, cutShort: true })).toMatchObject({
          applied: true,
          current: { total: 5, cutShort: true },
        });
        expect(await change({ type: 'sealed', total: 5, cutShort: false })).toMatchObject({
          applied: false,
          current: { total: 5, cutShort: true },
        });
        const seen = { allocated: 5, lastAllocation: allocation };
        expect(
          await change({ type: 'allocated', seen, allocation: { key: 'b', start: 5, end: 6 } }),
        ).toMatchObject({ applied: false });
      });

      it('counts a full child once', async () => {
        await store.createMeta(meta, NOW);
        const first = await change({ type: 'rolledUp', offset: 3, tally });
        expect(first).toMatchObject({ applied: true, current: { done: new Set([3]), tally } });
        expect(await change({ type: 'rolledUp', offset: 3, tally })).toMatchObject({
          applied: false,
          current: { tally },
        });
        await change({ type: 'rolledUp', offset: 0, tally });
        const twice = { succeeded: 4, failed: 2, timedOut: 0, cancelled: 2 };
        expect(await store.readMeta(id, NOW)).toMatchObject({ done: new Set([0, 3]), tally: twice });
      });

      it('is decided once, also while it is opening', async () => {
        await store.createMeta(meta, NOW);
        expect(await change({ type: 'decided', decision: decision('first'), dueAt: NOW })).toMatchObject({
          applied: true,
        });
        const second = await change({ type: 'decided', decision: decision('second'), dueAt: NOW });
        expect(second).toMatchObject({
          applied: false,
          current: { phase: 'decided', decision: decision('first') },
        });
      });

      it('gives one lease at a time, and the next when it runs out', async () => {
        await store.createMeta(meta, NOW);
        const lease = (owner: string, now: number): MetaChange => ({
          type: 'leased',
          owner,
          now,
          until: now + 1_000,
          recipient: undefined,
        });
        expect(await change(lease('a', NOW))).toMatchObject({ applied: false });
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW });
        expect(await change(lease('a', NOW))).toMatchObject({
          applied: true,
          current: { lease: { owner: 'a', until: NOW + 1_000 } },
        });
        expect(await change(lease('a', NOW))).toMatchObject({ applied: true });
        expect(await change(lease('b', NOW + 999))).toMatchObject({
          applied: false,
          current: { lease: { owner: 'a' } },
        });
        expect(await change(lease('b', NOW + 1_000))).toMatchObject({
          applied: true,
          current: { lease: { owner: 'b' } },
        });
      });

      it('takes a lease back only from its owner', async () => {
        await store.createMeta(meta, NOW);
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW });
        await change({ type: 'leased', owner: 'a', now: NOW, until: NOW + 1_000, recipient: undefined });
        expect(await change({ type: 'released', owner: 'b' })).toMatchObject({
          applied: false,
          current: { lease: { owner: 'a' } },
        });
        expect(await change({ type: 'released', owner: 'a' })).toMatchObject({
          applied: true,
          current: { lease: undefined },
        });
      });

      it('collects early failures until it holds one more than is ever watched', async () => {
        await store.createMeta(meta, NOW);
        const seen = (indices: number[]) => change({ type: 'failuresSeen', indices });
        expect(await seen([1, 7])).toMatchObject({
          applied: true,
          current: { eagerFailures: new Set([1, 7]) },
        });
        expect(await seen([7, 16_777_215])).toMatchObject({
          applied: true,
          current: { eagerFailures: new Set([1, 7, 16_777_215]) },
        });
        await seen(Array.from({ length: 201 }, (_, i) => 1_000 + i));
        const full = await seen([5]);
        expect(full.applied).toBe(false);
        expect(full.current?.eagerFailures.size).toBe(204);
      });

      it('is closed once, and not after it is decided', async () => {
        await store.createMeta(meta, NOW);
        const close = (message: string): MetaChange => ({
          type: 'closed',
          closing: { completionReason: 'CANCELLED', message },
          dueAt: NOW + 7,
        });
        expect(await change(close('first'))).toMatchObject({
          applied: true,
          current: { closing: { message: 'first' }, dueAt: NOW + 7 },
        });
        expect(await change(close('second'))).toMatchObject({
          applied: false,
          current: { closing: { message: 'first' } },
        });
      });

      it('is due when its last change says, and found by a sweep until it is delivered', async () => {
        const due = async (now: number) => (await store.listDue(1_000, now)).includes(id);
        await store.createMeta(meta, NOW);
        expect([await due(NOW + 999), await due(NOW + 1_000)]).toEqual([false, true]);
        await change({ type: 'opened', dueAt: NOW + 5_000 });
        expect([await due(NOW + 4_999), await due(NOW + 5_000)]).toEqual([false, true]);
        expect(await change({ type: 'rescheduled', dueAt: NOW + 9_000 })).toMatchObject({
          applied: true,
          current: { dueAt: NOW + 9_000 },
        });
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW + 2_000 });
        expect([await due(NOW + 1_999), await due(NOW + 2_000)]).toEqual([false, true]);
        await change(delivered('d'));
        expect(await due(NOW + 20_000)).toBe(false);
        expect(await change({ type: 'rescheduled', dueAt: NOW })).toMatchObject({ applied: false });
        expect(await store.readMeta(id, NOW)).toMatchObject({ dueAt: undefined });
      });

      it('lists what is longest due first, up to a limit', async () => {
        const ids = ['c', 'a', 'b'].map((name) => `${id} ${name}`);
        for (const [i, name] of ids.entries())
          await store.createMeta({ ...meta, id: name, dueAt: 1_000 - i }, NOW);
        expect(await store.listDue(2, 1_000)).toEqual([ids[2], ids[1]]);
      });

      it('is delivered once, under the decision that stands', async () => {
        await store.createMeta(meta, NOW);
        expect(await change(delivered('d'))).toMatchObject({
          applied: false,
          current: { phase: 'opening' },
        });
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW });
        expect(await change(delivered('other'))).toMatchObject({ applied: false });
        expect(await change(delivered('d'))).toMatchObject({
          applied: true,
          current: { phase: 'delivered' },
        });
        expect(await change(delivered('d'))).toMatchObject({
          applied: false,
          current: { phase: 'delivered' },
        });
      });
    });

    describe('the receiver that the root names', () => {
      const lease = (recipient: string | undefined, owner = 'a'): MetaChange => ({
        type: 'leased',
        owner,
        now: NOW,
        until: NOW + 1_000,
        recipient,
      });
      const readdressed = (recipient: string): MetaChange => ({
        type: 'readdressed',
        recipient,
        dueAt: NOW + 3_000,
      });
      beforeEach(async () => {
        await store.createMeta(meta, NOW);
      });

      it('is kept with the lease and the delivery, and how sure the delivery is', async () => {
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW });
        expect(await change(lease('t1'))).toMatchObject({ applied: true, current: { recipient: 't1' } });
        const unknown = { ...delivered('d', 't1'), delivery: 'unknown' } as MetaChange;
        expect(await change(unknown)).toMatchObject({
          applied: true,
          current: { phase: 'delivered', recipient: 't1', delivery: 'unknown' },
        });
        expect(await store.readMeta(id, NOW)).toMatchObject({ recipient: 't1', delivery: 'unknown' });
      });

      it('is not changed before there is anything to deliver', async () => {
        expect(await change(readdressed('t1'))).toMatchObject({
          applied: false,
          current: { phase: 'opening' },
        });
        await change({ type: 'opened', dueAt: NOW });
        expect(await change(readdressed('t1'))).toMatchObject({
          applied: false,
          current: { recipient: undefined },
        });
      });

      it('takes the lease from whoever delivers to another, and lets them finish nothing', async () => {
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW });
        await change(lease('t1'));
        expect(await change(readdressed('t2'))).toMatchObject({
          applied: true,
          current: { phase: 'decided', recipient: 't2', lease: undefined, dueAt: NOW + 3_000 },
        });
        for (const late of [lease('t1'), lease(undefined), delivered('d', 't1'), delivered('d')])
          expect(await change(late)).toMatchObject({
            applied: false,
            current: { phase: 'decided', recipient: 't2', lease: undefined },
          });
        expect(await change(lease('t2', 'b'))).toMatchObject({ applied: true });
        expect(await change(readdressed('t2'))).toMatchObject({
          applied: false,
          current: { lease: { owner: 'b' } },
        });
        expect(await change(delivered('d', 't2'))).toMatchObject({ applied: true });
      });

      it('begins a delivery anew that is over, and makes it due', async () => {
        await change({ type: 'decided', decision: decision('d'), dueAt: NOW });
        await change(lease(undefined));
        await change(delivered('d'));
        expect(await change(readdressed('t1'))).toMatchObject({
          applied: true,
          current: {
            phase: 'decided',
            decision: decision('d'),
            recipient: 't1',
            delivery: undefined,
            lease: undefined,
          },
        });
        expect(await store.listDue(1_000, NOW + 3_000)).toContain(id);
        await change(delivered('d', 't1'));
        expect(await change(readdressed('t1'))).toMatchObject({
          applied: false,
          current: { phase: 'delivered', delivery: 'confirmed' },
        });
        expect(await store.listDue(1_000, NOW + 3_000)).not.toContain(id);
      });
    });

    describe('a leaf', () => {
      const fresh = {
        address: leafAt,
        leafSize: 4,
        capacity: 2,
        sealed: false,
        eager: true,
        enough: 3,
        expiresAt: EXPIRES_AT,
      };
      const add = (partial: Partial<LeafWrite>, now = NOW) => store.addToLeaf(id, 0, write(partial), 4, now);
      const read = async (now = NOW) => (await store.readLeaves(id, [0], now))[0];

      it('is created once and keeps what it holds', async () => {
        expect(await store.createNode(id, fresh, NOW)).toEqual({ applied: true });
        await add({ succeeded: [1] });
        expect(await store.createNode(id, fresh, NOW)).toEqual({ applied: false });
        expect(await read()).toMatchObject({
          address: leafAt,
          leafSize: 4,
          capacity: 2,
          sealed: false,
          eager: true,
          enough: 3,
          done: new Set([1]),
        });
      });

      it('is never raised by a write, before it is made or after it expired', async () => {
        expect(await add({ succeeded: [0] })).toEqual({ applied: false, current: undefined });
        await store.growNode(id, leafAt, 3, NOW);
        expect(await store.sealLeaf(id, 0, NOW)).toBeUndefined();
        expect(await read()).toBeUndefined();
        await store.createNode(id, fresh, NOW);
        expect(await add({ succeeded: [0] }, AFTER_EXPIRY)).toEqual({ applied: false, current: undefined });
        expect(await read(AFTER_EXPIRY)).toBeUndefined();
      });

      it('starts empty again when it is made anew after it expired', async () => {
        await store.createNode(id, fresh, NOW);
        await add({ succeeded: [0] });
        await store.createNode(id, { ...fresh, expiresAt: EXPIRES_AT + 1_000 }, AFTER_EXPIRY);
        expect(await read(AFTER_EXPIRY)).toMatchObject({ done: new Set() });
      });

      it('answers a write with what it held before', async () => {
        await store.createNode(id, fresh, NOW);
        expect(await add({ succeeded: [0] })).toMatchObject({ applied: true, current: { done: new Set() } });
        expect(await add({ succeeded: [0, 1] })).toMatchObject({
          applied: true,
          current: { done: new Set([0]) },
        });
      });

      it('refuses a failure where an outcome is recorded, and says what it holds', async () => {
        await store.createNode(id, { ...fresh, capacity: 4 }, NOW);
        await add({ succeeded: [0], failed: [1], timedOut: [2] });
        const failures = { failed: new Set([1]), timedOut: new Set([2]), cancelled: new Set() };
        const refused = await add({ succeeded: [3], cancelled: [0] });
        expect(refused).toMatchObject({ applied: false, current: { done: new Set([0, 1, 2]), failures } });
        expect(await read()).toMatchObject({ done: new Set([0, 1, 2]), failures });
      });

      it('keeps a failure a failure when a success comes later', async () => {
        await store.createNode(id, fresh, NOW);
        await add({ failed: [1] });
        expect(await add({ succeeded: [1] })).toMatchObject({
          applied: true,
          current: { done: new Set([1]) },
        });
        expect(await read()).toMatchObject({ done: new Set([1]), failures: { failed: new Set([1]) } });
      });

      it('takes no offset at its capacity until it has grown, and never shrinks', async () => {
        await store.createNode(id, fresh, NOW);
        expect(await add({ succeeded: [0, 2] })).toMatchObject({
          applied: false,
          current: { done: new Set() },
        });
        await store.growNode(id, leafAt, 3, NOW);
        expect(await add({ succeeded: [0, 2] })).toMatchObject({ applied: true });
        await store.growNode(id, leafAt, 1, NOW);
        expect(await read()).toMatchObject({ capacity: 3 });
      });

      it('takes nothing meant for another leaf size', async () => {
        await store.createNode(id, fresh, NOW);
        const other = await store.addToLeaf(id, 0, write({ succeeded: [0] }), 256, NOW);
        expect(other).toMatchObject({ applied: false, current: { leafSize: 4, done: new Set() } });
      });

      it('can be sealed again and again', async () => {
        await store.createNode(id, fresh, NOW);
        expect(await store.sealLeaf(id, 0, NOW)).toMatchObject({ sealed: true, capacity: 2 });
        expect(await store.sealLeaf(id, 0, NOW)).toMatchObject({ sealed: true, capacity: 2 });
      });

      it('takes ninety failures and all the successes of 256 items in one write', async () => {
        await store.createNode(id, { ...fresh, leafSize: 256, capacity: 256 }, NOW);
        const offsets = Array.from({ length: 256 }, (_, offset) => offset);
        const full = write({ failed: offsets.slice(0, 90), succeeded: offsets.slice(90) });
        expect(await store.addToLeaf(id, 0, full, 256, NOW)).toMatchObject({ applied: true });
        expect((await read())?.done.size).toBe(256);
      });

      it('is read among others, in the order that was asked for', async () => {
        await store.createNode(id, { ...fresh, address: { level: 0, position: 7 } }, NOW);
        await store.createNode(id, fresh, NOW);
        const leaves = await store.readLeaves(id, [7, 5, 0], NOW);
        expect(leaves.map((leaf) => leaf?.address.position)).toEqual([7, undefined, 0]);
      });
    });

    describe('a branch', () => {
      const fresh = {
        address: branchAt,
        leafSize: 4,
        capacity: 2,
        sealed: false,
        eager: true,
        enough: 3,
        expiresAt: EXPIRES_AT,
      };

      it('counts each full child once, below its capacity', async () => {
        expect(await store.addToBranch(id, branchAt, 0, tally, NOW)).toEqual({
          applied: false,
          current: undefined,
        });
        await store.createNode(id, fresh, NOW);
        expect(await store.addToBranch(id, branchAt, 1, tally, NOW)).toMatchObject({
          applied: true,
          current: { done: new Set([1]), tally },
        });
        expect(await store.addToBranch(id, branchAt, 1, tally, NOW)).toMatchObject({
          applied: false,
          current: { tally },
        });
        expect(await store.addToBranch(id, branchAt, 2, tally, NOW)).toMatchObject({
          applied: false,
          current: { done: new Set([1]) },
        });
        await store.growNode(id, branchAt, 3, NOW);
        expect(await store.addToBranch(id, branchAt, 2, tally, NOW)).toMatchObject({
          applied: true,
          current: { capacity: 3 },
        });
        const [branch] = await store.readBranches(id, 1, [3], NOW);
        expect(branch).toMatchObject({
          done: new Set([1, 2]),
          tally: { succeeded: 4, failed: 2, timedOut: 0, cancelled: 2 },
        });
      });

      it('is sealed where it stands, and nowhere else', async () => {
        expect(await store.sealBranch(id, branchAt, NOW)).toBeUndefined();
        await store.createNode(id, fresh, NOW);
        expect(await store.sealBranch(id, branchAt, NOW)).toMatchObject({ sealed: true });
        expect(await store.readBranches(id, 1, [3, 4], AFTER_EXPIRY)).toEqual([undefined, undefined]);
      });
    });

    describe('the records beside it', () => {
      it('keeps the first text under a name', async () => {
        const name = { kind: 'result', leaf: 0, offset: 3 } as const;
        expect(await store.keepRecord(id, name, 'first', EXPIRES_AT, NOW)).toBe('first');
        expect(await store.keepRecord(id, name, 'second', EXPIRES_AT, NOW)).toBe('first');
        expect(await store.readRecord(id, name, NOW)).toBe('first');
        expect(await store.readRecord(id, name, AFTER_EXPIRY)).toBeUndefined();
        expect(await store.keepRecord(id, name, 'third', EXPIRES_AT + 1_000, AFTER_EXPIRY)).toBe('third');
      });

      it('keeps names apart, whatever is in them', async () => {
        const names = [
          { kind: 'allocation', key: 'a#result#0' },
          { kind: 'allocation', key: 'a%23result%230' },
          { kind: 'failure', index: 0 },
          { kind: 'result', leaf: 0, offset: 0 },
        ] as const;
        for (const [i, name] of names.entries())
          await store.keepRecord(id, name, `text ${i}`, EXPIRES_AT, NOW);
        const texts = await Promise.all(names.map((name) => store.readRecord(id, name, NOW)));
        expect(texts).toEqual(['text 0', 'text 1', 'text 2', 'text 3']);
      });

      it('lists the results of one leaf by offset', async () => {
        await store.createMeta({ ...meta, leafSize: 256 }, NOW);
        for (const offset of [12, 3, 101])
          await store.keepRecord(id, { kind: 'result', leaf: 1, offset }, `r${offset}`, EXPIRES_AT, NOW);
        await store.keepRecord(id, { kind: 'result', leaf: 2, offset: 0 }, 'elsewhere', EXPIRES_AT, NOW);
        const found = await collect(store.readResults(id, 1, NOW));
        expect(found).toEqual([3, 12, 101].map((offset) => ({ offset, text: `r${offset}` })));
      });

      it('replaces the details', async () => {
        expect(await store.readDetails(id, NOW)).toBeUndefined();
        await store.putDetails(id, 'one', EXPIRES_AT);
        await store.putDetails(id, 'two', EXPIRES_AT);
        expect(await store.readDetails(id, NOW)).toBe('two');
        expect(await store.readDetails(id, AFTER_EXPIRY)).toBeUndefined();
      });

      it('moves the cursor forward, never back', async () => {
        expect(await store.readCursor(id, NOW)).toBe(0);
        for (const position of [5, 12, 7]) await store.advanceCursor(id, position, EXPIRES_AT, NOW);
        expect(await store.readCursor(id, NOW)).toBe(12);
        expect(await store.readCursor(id, AFTER_EXPIRY)).toBe(0);
      });

      it('keeps one fan-in out of another whose id looks like a key of it', async () => {
        const other = `${id}#node#0#0`;
        await store.createNode(
          id,
          {
            address: leafAt,
            leafSize: 4,
            capacity: 2,
            sealed: true,
            eager: false,
            enough: undefined,
            expiresAt: EXPIRES_AT,
          },
          NOW,
        );
        await store.createMeta({ ...meta, id: other }, NOW);
        expect(await store.readMeta(other, NOW)).toMatchObject({ id: other });
        expect(await store.readMeta(id, NOW)).toBeUndefined();
        expect((await store.readLeaves(other, [0], NOW))[0]).toBeUndefined();
      });
    });
  });
}
