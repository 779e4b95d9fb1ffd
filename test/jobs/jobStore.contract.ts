import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobChange, JobRecord } from '../../src/jobs/job.js';
import type { JobStore } from '../../src/jobs/jobStore.js';
import { collect } from '../collect.js';

const NOW = 1_800_000_000_000;
const EXPIRES_AT = NOW / 1_000 + 60;
const LATER_EXPIRY = EXPIRES_AT + 600;
const AFTER_EXPIRY = (EXPIRES_AT + 1) * 1_000;
const error = { name: 'Error', message: 'broken', code: 'Broken', retryable: true };

/** What every job store must do, whatever it stands on. */
export function describeJobStore(name: string, getStore: () => JobStore): void {
  describe(`${name} obeys the contract of a job store`, () => {
    let store: JobStore;
    let id: string;
    let pending: JobRecord;
    const first = { owner: 'first', attempt: 1 };
    const kept = { now: NOW + 5, expiresAt: LATER_EXPIRY };
    const change = (wanted: JobChange, now = NOW) => store.change(id, wanted, now);
    const claim = (owner: string, seenAttempt = 0, now = NOW): JobChange => ({
      type: 'claimed',
      seenAttempt,
      owner,
      until: now + 1_000,
      now,
      expiresAt: EXPIRES_AT,
    });

    beforeEach(() => {
      store = getStore();
      id = `job #${randomUUID()}`;
      pending = {
        id,
        state: 'pending',
        attempt: 0,
        origin: 'creator',
        owner: undefined,
        leaseUntil: undefined,
        input: '{"a":1}',
        result: undefined,
        error: undefined,
        createdAt: NOW,
        updatedAt: NOW,
        expiresAt: EXPIRES_AT,
      };
    });

    it('creates a job once, and reads it back whole', async () => {
      expect(await store.create(pending, NOW)).toEqual({ applied: true, current: pending });
      const second = await store.create({ ...pending, input: '2', origin: 'other' }, NOW);
      expect(second).toEqual({ applied: false, current: pending });
      expect(await store.read(id, NOW)).toEqual(pending);
    });

    it('never raises a job by a change', async () => {
      expect(await change(claim('first'))).toEqual({ applied: false, current: undefined });
      expect(await change({ type: 'heartbeat', until: NOW, ...first, ...kept })).toEqual({
        applied: false,
        current: undefined,
      });
      expect(await store.read(id, NOW)).toBeUndefined();
    });

    it('ignores what has expired, and lets it be created again', async () => {
      await store.create(pending, NOW);
      expect(await store.read(id, AFTER_EXPIRY)).toBeUndefined();
      expect(await change(claim('first'), AFTER_EXPIRY)).toEqual({ applied: false, current: undefined });
      const again = { ...pending, origin: 'again', expiresAt: EXPIRES_AT + 1_000 };
      expect(await store.create(again, AFTER_EXPIRY)).toEqual({ applied: true, current: again });
    });

    it('is claimed by one, for as long as its lease', async () => {
      await store.create(pending, NOW);
      const claimed = {
        ...pending,
        state: 'inProgress',
        attempt: 1,
        owner: 'first',
        leaseUntil: NOW + 1_000,
      };
      expect(await change(claim('first'))).toEqual({ applied: true, current: claimed });
      expect(await change(claim('second', 1, NOW + 999))).toEqual({ applied: false, current: claimed });
      expect(await change(claim('second', 1, NOW + 1_000))).toMatchObject({
        applied: true,
        current: { owner: 'second', attempt: 2, leaseUntil: NOW + 2_000, updatedAt: NOW + 1_000 },
      });
    });

    it('is claimed only by a caller that saw its last attempt', async () => {
      await store.create({ ...pending, attempt: 3 }, NOW);
      expect(await change(claim('late', 2))).toMatchObject({
        applied: false,
        current: { state: 'pending', attempt: 3 },
      });
      expect(await change(claim('first', 3))).toMatchObject({ applied: true, current: { attempt: 4 } });
    });

    it('extends a lease for its holder alone, and keeps the job longer', async () => {
      await store.create(pending, NOW);
      await change(claim('first'));
      const beat = { type: 'heartbeat', until: NOW + 9_000, ...kept } as const;
      for (const other of [
        { owner: 'other', attempt: 1 },
        { owner: 'first', attempt: 2 },
      ]) {
        expect(await change({ ...beat, ...other })).toMatchObject({
          applied: false,
          current: { leaseUntil: NOW + 1_000 },
        });
      }
      expect(await change({ ...beat, ...first })).toMatchObject({
        applied: true,
        current: { leaseUntil: NOW + 9_000, updatedAt: NOW, expiresAt: LATER_EXPIRY },
      });
    });

    it.each([
      ['succeeded', { result: { text: '{"b":2}' } }],
      ['succeeded', { result: { claimCheckKey: 'large/1' } }],
      ['failed', { error }],
    ] as const)('ends as %s with %j, by its holder alone, and once', async (type, made) => {
      await store.create(pending, NOW);
      const end = { type, ...made, ...kept } as JobChange & { type: 'succeeded' | 'failed' };
      expect(await change({ ...end, ...first })).toMatchObject({ applied: false });
      await change(claim('first'));
      for (const other of [
        { owner: 'other', attempt: 1 },
        { owner: 'first', attempt: 2 },
      ]) {
        expect(await change({ ...end, ...other })).toMatchObject({
          applied: false,
          current: { state: 'inProgress' },
        });
      }
      const ended = {
        ...pending,
        state: type,
        attempt: 1,
        owner: 'first',
        ...made,
        updatedAt: NOW + 5,
        expiresAt: LATER_EXPIRY,
      };
      expect(await change({ ...end, ...first })).toEqual({ applied: true, current: ended });
      expect(await change({ ...end, ...first })).toEqual({ applied: false, current: ended });
      expect(await change({ type: 'released', ...first, ...kept })).toMatchObject({ applied: false });
      expect(await change(claim('next', 1, NOW + 9_000))).toEqual({ applied: false, current: ended });
      expect(await store.read(id, NOW)).toEqual(ended);
    });

    it('refuses a holder whose lease ran out once another has claimed, and not before', async () => {
      await store.create(pending, NOW);
      await change(claim('first'));
      expect(
        await change({ type: 'heartbeat', until: NOW + 6_000, ...first, ...kept, now: NOW + 5_000 }),
      ).toMatchObject({ applied: true });
      await change(claim('second', 1, NOW + 6_000));
      const result = { text: '1' };
      expect(await change({ type: 'succeeded', result, ...first, ...kept })).toMatchObject({
        applied: false,
        current: { state: 'inProgress', owner: 'second', result: undefined },
      });
    });

    it('is given back by its holder alone', async () => {
      await store.create(pending, NOW);
      await change(claim('first'));
      expect(await change({ type: 'released', owner: 'other', attempt: 1, ...kept })).toMatchObject({
        applied: false,
      });
      expect(await change({ type: 'released', ...first, ...kept })).toEqual({
        applied: true,
        current: { ...pending, attempt: 1, updatedAt: NOW + 5, expiresAt: LATER_EXPIRY },
      });
    });

    it('is reset only while stuck at the attempt that was seen', async () => {
      await store.create(pending, NOW);
      await change(claim('first'));
      const reset = { type: 'reset', seenAttempt: 1, expiresAt: LATER_EXPIRY } as const;
      expect(await change({ ...reset, now: NOW + 999 })).toMatchObject({ applied: false });
      expect(await change({ ...reset, seenAttempt: 0, now: NOW + 1_000 })).toMatchObject({ applied: false });
      expect(await change({ ...reset, now: NOW + 1_000 })).toEqual({
        applied: true,
        current: { ...pending, attempt: 1, updatedAt: NOW + 1_000, expiresAt: LATER_EXPIRY },
      });
      expect(await change({ ...reset, now: NOW + 1_000 })).toMatchObject({ applied: false });
      expect(await change({ type: 'succeeded', result: { text: '1' }, ...first, ...kept })).toMatchObject({
        applied: false,
        current: { state: 'pending' },
      });
    });

    it('is retried only when failed, at the attempt that was seen', async () => {
      await store.create(pending, NOW);
      await change(claim('first'));
      const retried = { type: 'retried', seenAttempt: 1, ...kept } as const;
      expect(await change(retried)).toMatchObject({ applied: false, current: { state: 'inProgress' } });
      await change({ type: 'failed', error, ...first, ...kept });
      expect(await change({ ...retried, seenAttempt: 0 })).toMatchObject({ applied: false });
      expect(await change(retried)).toEqual({
        applied: true,
        current: { ...pending, attempt: 1, updatedAt: NOW + 5, expiresAt: LATER_EXPIRY },
      });
    });

    it('lists and counts jobs by state, without those that have expired', async () => {
      const ids = Array.from({ length: 30 }, (_, i) => `#${i} ${id}`);
      for (const each of ids) await store.create({ ...pending, id: each }, NOW);
      await store.create({ ...pending, id: `old ${id}`, expiresAt: EXPIRES_AT - 30 }, NOW);
      const [moved = ''] = ids;
      await store.change(moved, claim('first'), NOW);
      const at = (EXPIRES_AT - 20) * 1_000;
      const mine = async (state: JobRecord['state']) =>
        (await collect(store.list(state, at))).map((job) => job.id).filter((each) => each.endsWith(id));
      expect((await mine('pending')).sort()).toEqual(ids.slice(1).sort());
      expect(await mine('inProgress')).toEqual([moved]);
      expect(await mine('failed')).toEqual([]);
      expect(await store.count('pending', at)).toBeGreaterThanOrEqual(29);
      expect(await store.count('inProgress', at)).toBeGreaterThanOrEqual(1);
    });
  });
}
