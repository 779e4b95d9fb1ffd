import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stormDeadHolder } from '../../explorer/stress/stormDeadHolder.js';
import { type SemaphoreStorm, stormSemaphore } from '../../explorer/stress/stormSemaphore.js';
import {
  createSemaphore,
  dynamoSemaphoreStore,
  memorySemaphoreStore,
  type SemaphoreStore,
  type Slot,
} from '../../src/fanout/index.js';
import { changeSlots, type SlotChange, type Slots } from '../../src/fanout/slots.js';
import { faultyPort, type PortFault, PortFaultError } from '../faultyPort.js';
import { startTable, type TestTable } from '../startTable.js';
import { virtualTime } from '../virtualTime.js';

const START = 1_800_000_000_000;
const codeOf = (code: string) => expect.objectContaining({ code });

function clocked(limit: number, store: SemaphoreStore = memorySemaphoreStore()) {
  const clock = { now: START };
  const target = {
    store,
    now: () => clock.now,
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  return { clock, target, semaphore: createSemaphore(target, 's', { limit, leaseMs: 1_000 }) };
}

describe('createSemaphore', () => {
  describe('bad input', () => {
    const store = memorySemaphoreStore();
    it.each([
      ['limit', { limit: 0, leaseMs: 1 }],
      ['limit', { limit: -1, leaseMs: 1 }],
      ['limit', { limit: 1.5, leaseMs: 1 }],
      ['limit', { limit: 1_001, leaseMs: 1 }],
      ['leaseMs', { limit: 1, leaseMs: 0 }],
      ['leaseMs', { limit: 1, leaseMs: Number.NaN }],
      ['leaseMs', { limit: 1, leaseMs: 86_400_001 }],
    ])('names the option %s', (field, options) => {
      expect(() => createSemaphore({ store }, 's', options)).toThrow(new RegExp(`^${field}: expected`));
    });

    it('refuses blank and huge names and holders, before any call', async () => {
      const call = vi.fn((): PortFault => 'ok');
      const target = { store: faultyPort(store, call) };
      const options = { limit: 1, leaseMs: 1 };
      expect(() => createSemaphore({ store: {} as SemaphoreStore }, 's', options)).toThrow(
        /^store: expected/,
      );
      for (const name of ['', ' ', 'x'.repeat(257)])
        expect(() => createSemaphore(target, name, options)).toThrow(/^name: expected/);
      const semaphore = createSemaphore(target, 's', options);
      for (const holder of ['', '\t', 'x'.repeat(257)]) {
        await expect(semaphore.acquire(holder)).rejects.toThrow(/^holder: expected/);
        await expect(semaphore.withSlot(holder, () => 1)).rejects.toThrow(/^holder: expected/);
        await expect(semaphore.release({ holder, token: 't' })).rejects.toThrow(/^slot.holder: expected/);
      }
      for (const slot of [
        undefined,
        null,
        'a',
        {},
        { holder: 'a', token: '' },
        { holder: ' ', token: 't' },
      ]) {
        await expect(semaphore.renew(slot as Slot)).rejects.toThrow(/^slot(\.holder|\.token)?: expected/);
        await expect(semaphore.release(slot as Slot)).rejects.toThrow(/^slot(\.holder|\.token)?: expected/);
      }
      await expect(semaphore.acquire('a', { waitMs: -1 })).rejects.toThrow(/^waitMs: expected/);
      await expect(semaphore.acquire('a', { signal: {} as never })).rejects.toThrow(/^signal: expected/);
      await expect(semaphore.withSlot('a', 7 as never)).rejects.toThrow(/^work: expected/);
      expect(call).not.toHaveBeenCalled();
    });
  });

  it('gives out as many slots as its limit, and tells that no other is free', async () => {
    const { semaphore } = clocked(2);
    await semaphore.acquire('a');
    const second = await semaphore.acquire('b');
    await expect(semaphore.acquire('c')).rejects.toMatchObject({ code: 'SlotNotFree', retryable: true });
    expect(await semaphore.release(second)).toBe(true);
    expect(await semaphore.acquire('c')).toMatchObject({ holder: 'c' });
  });

  it('gives a holder one slot, however often it acquires, and voids its earlier token', async () => {
    const { semaphore, clock } = clocked(2);
    const first = await semaphore.acquire('a');
    clock.now += 500;
    const second = await semaphore.acquire('a');
    expect(second.until).toBe(clock.now + 1_000);
    await semaphore.acquire('b');
    expect(await semaphore.release(first)).toBe(false);
    await expect(semaphore.renew(first)).rejects.toMatchObject({ code: 'SlotLost', retryable: true });
    await expect(semaphore.acquire('c')).rejects.toEqual(codeOf('SlotNotFree'));
    expect(await semaphore.release(second)).toBe(true);
    expect(await semaphore.release(second)).toBe(false);
  });

  it('frees the slot of a holder that died after its lease, and not before', async () => {
    const { semaphore, clock } = clocked(1);
    const dead = await semaphore.acquire('a');
    clock.now += 999;
    await expect(semaphore.acquire('b')).rejects.toEqual(codeOf('SlotNotFree'));
    clock.now += 1;
    const next = await semaphore.acquire('b');
    expect(await semaphore.release(dead)).toBe(false);
    await expect(semaphore.renew(dead)).rejects.toEqual(codeOf('SlotLost'));
    expect(await semaphore.release(next)).toBe(true);
  });

  it('keeps a slot that is renewed', async () => {
    const { semaphore, clock } = clocked(1);
    let slot: Slot = await semaphore.acquire('a');
    for (let i = 0; i < 5; i += 1) {
      clock.now += 900;
      slot = await semaphore.renew(slot);
      await expect(semaphore.acquire('b')).rejects.toEqual(codeOf('SlotNotFree'));
    }
  });

  it('removes any number of dead holders, and heeds a limit that was lowered', async () => {
    const { semaphore, clock, target } = clocked(100);
    await Promise.all(Array.from({ length: 100 }, (_, i) => semaphore.acquire(`dead ${i}`)));
    const lower = createSemaphore(target, 's', { limit: 2, leaseMs: 1_000 });
    await expect(lower.acquire('a')).rejects.toEqual(codeOf('SlotNotFree'));
    expect(await lower.acquire('dead 7')).toMatchObject({ holder: 'dead 7' });
    clock.now += 999;
    await lower.acquire('dead 7');
    clock.now += 1;
    await lower.acquire('a');
    await expect(lower.acquire('b')).rejects.toEqual(codeOf('SlotNotFree'));
  });

  it('knows its own acquisition again when the SDK repeats it', async () => {
    const { semaphore } = clocked(
      1,
      faultyPort(memorySemaphoreStore(), () => 'repeated'),
    );
    const slot = await semaphore.acquire('a');
    expect(slot.holder).toBe('a');
    await expect(semaphore.acquire('b')).rejects.toEqual(codeOf('SlotNotFree'));
  });

  it('gives back what it may have acquired when the reply is lost', async () => {
    const store = memorySemaphoreStore();
    let fault: PortFault = 'ok';
    const next = (method: string): PortFault => {
      if (method !== 'change') return 'ok';
      const now = fault;
      fault = 'ok';
      return now;
    };
    const { semaphore } = clocked(1, faultyPort(store, next));
    fault = 'lost';
    await expect(semaphore.acquire('a')).rejects.toBeInstanceOf(PortFaultError);
    expect((await semaphore.acquire('b')).holder).toBe('b');
  });

  describe('waiting', () => {
    it('polls until a slot is free, no longer than asked', async () => {
      const { semaphore, clock } = clocked(1);
      await semaphore.acquire('a');
      expect(await semaphore.acquire('b', { waitMs: 5_000 })).toMatchObject({ holder: 'b' });
      expect(clock.now - START).toBeGreaterThanOrEqual(1_000);
      const from = clock.now;
      await expect(semaphore.acquire('c', { waitMs: 300 })).rejects.toEqual(codeOf('SlotNotFree'));
      expect(clock.now - from).toBe(300);
    });

    it('ends when its signal aborts', async () => {
      const semaphore = createSemaphore({ store: memorySemaphoreStore() }, 's', {
        limit: 1,
        leaseMs: 60_000,
      });
      await semaphore.acquire('a');
      const controller = new AbortController();
      const waiting = semaphore.acquire('b', { waitMs: 60_000, signal: controller.signal });
      controller.abort('enough');
      await expect(waiting).rejects.toMatchObject({ code: 'SlotNotFree', cause: 'enough' });
    });
  });

  describe('withSlot', () => {
    it.each([
      ['returns', () => 1],
      ['resolves', async () => 1],
      [
        'throws at once',
        () => {
          throw new Error('x');
        },
      ],
      [
        'throws null',
        () => {
          throw null;
        },
      ],
      ['rejects', () => Promise.reject(new Error('x'))],
    ])('gives the slot back when the work %s', async (_, work) => {
      const { semaphore } = clocked(1);
      const outcome = semaphore.withSlot('a', work as () => unknown);
      await outcome.catch(() => undefined);
      expect((await semaphore.acquire('b')).holder).toBe('b');
    });

    it('keeps the result of the work when the slot cannot be given back', async () => {
      const isRelease = { now: false };
      const store = faultyPort(memorySemaphoreStore(), () => (isRelease.now ? 'failed' : 'ok'));
      const { semaphore } = clocked(1, store);
      const result = semaphore.withSlot('a', () => {
        isRelease.now = true;
        return 'done';
      });
      expect(await result).toBe('done');
    });

    it('does not begin without a slot', async () => {
      const { semaphore } = clocked(1);
      await semaphore.acquire('a');
      const work = vi.fn();
      await expect(semaphore.withSlot('b', work)).rejects.toEqual(codeOf('SlotNotFree'));
      expect(work).not.toHaveBeenCalled();
    });

    it('renews while the work lasts, tells who lost the slot, and leaves no timer', async () => {
      vi.useFakeTimers();
      try {
        const semaphore = createSemaphore({ store: memorySemaphoreStore() }, 's', { limit: 1, leaseMs: 900 });
        const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
        const reasons: unknown[] = [];
        const first = semaphore.withSlot('a', async ({ signal, slot }) => {
          expect(slot.holder).toBe('a');
          await pause(5_000);
          reasons.push(signal.reason);
        });
        await vi.advanceTimersByTimeAsync(3_000);
        await expect(semaphore.acquire('b')).rejects.toEqual(codeOf('SlotNotFree'));
        const taken = await semaphore.acquire('a');
        await vi.advanceTimersByTimeAsync(800);
        await semaphore.renew(taken);
        await vi.advanceTimersByTimeAsync(1_200);
        await first;
        expect(reasons).toEqual([codeOf('SlotLost')]);
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    });
  });

  describe('under faults', () => {
    const simulate = (inner: SemaphoreStore, storm: Omit<SemaphoreStorm, 'leaseMs'>) =>
      stormSemaphore(inner, virtualTime(START), { ...storm, leaseMs: 10_000 });

    it('never has 31 holders with a limit of 30 under 46 callers, and all are done', async () => {
      const { peak, done, problems } = await simulate(memorySemaphoreStore(), {
        seed: 3,
        callers: 46,
        limit: 30,
      });
      expect({ done, problems }).toEqual({ done: 46, problems: [] });
      expect(peak).toBeLessThanOrEqual(30);
      expect(peak).toBeGreaterThan(25);
    });

    it('gives the slot of a killed holder to another once its lease is over, and not before', async () => {
      const freeAfterMs = await stormDeadHolder(memorySemaphoreStore(), virtualTime(START), 5_000);
      expect(freeAfterMs).toBeGreaterThanOrEqual(5_000);
      // Who waits looks again within a second.
      expect(freeAfterMs).toBeLessThanOrEqual(6_000);
    });

    it('never passes its limit, whatever is lost, fails or is repeated', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer(),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 4 }),
          async (seed, callers, limit) => {
            const { peak, done, problems } = await simulate(memorySemaphoreStore(), { seed, callers, limit });
            expect(problems).toEqual([]);
            expect(peak).toBeLessThanOrEqual(limit);
            expect(done).toBe(callers);
          },
        ),
        { numRuns: 80 },
      );
    });

    function brokenStore(rule: (slots: Slots, change: SlotChange) => Slots | undefined): SemaphoreStore {
      let slots: Slots = new Map();
      return {
        create: async () => ({ applied: false, current: slots }),
        read: async () => slots,
        async change(_, change) {
          const changed = rule(slots, change);
          slots = changed ?? slots;
          return { applied: changed !== undefined, current: slots };
        },
      };
    }

    it.each<[string, (slots: Slots, change: SlotChange) => Slots | undefined]>([
      [
        'slots that are counted before the write only',
        (slots, change) =>
          changeSlots(slots, change.type === 'acquired' ? { ...change, mostHolders: undefined } : change),
      ],
      [
        'a lease without expiry',
        (slots, change) =>
          changeSlots(
            slots,
            change.type === 'acquired' ? { ...change, lease: { ...change.lease, until: START * 2 } } : change,
          ),
      ],
      [
        'a release by the holder only',
        (slots, change) =>
          changeSlots(
            slots,
            change.type === 'released'
              ? { ...change, token: slots.get(change.holder)?.token ?? change.token }
              : change,
          ),
      ],
      [
        'an eviction of leases that are not over',
        (slots, change) => {
          if (change.type !== 'acquired' || change.mostHolders === undefined)
            return changeSlots(slots, change);
          const [oldest] = slots.keys();
          const fewer = new Map(slots);
          if (oldest !== undefined && slots.size > change.mostHolders - 1) fewer.delete(oldest);
          return changeSlots(fewer, change);
        },
      ],
    ])('would notice %s', async (_, rule) => {
      let isNoticed = false;
      for (let seed = 1; seed <= 20 && !isNoticed; seed += 1) {
        const { peak, done, problems } = await simulate(brokenStore(rule), { seed, callers: 12, limit: 3 });
        isNoticed = peak > 3 || done < 12 || problems.length > 0;
      }
      expect(isNoticed).toBe(true);
    });
  });

  describe('on DynamoDB', () => {
    let table: TestTable;
    beforeAll(async () => {
      table = await startTable();
    });
    afterAll(() => table.stop());

    it('never has 31 holders with a limit of 30 under 46 callers', async () => {
      const name = randomUUID();
      const store = dynamoSemaphoreStore(table);
      let holding = 0;
      let peak = 0;
      const call = (_: unknown, i: number) =>
        createSemaphore({ store }, name, { limit: 30, leaseMs: 60_000 }).withSlot(
          `caller ${i}`,
          async () => {
            holding += 1;
            peak = Math.max(peak, holding);
            await new Promise((resolve) => setTimeout(resolve, 50));
            holding -= 1;
          },
          { waitMs: 45_000 },
        );
      await Promise.all(Array.from({ length: 46 }, call));
      expect(peak).toBeLessThanOrEqual(30);
      expect([...((await store.read(name, Date.now())) ?? [])]).toEqual([]);
    });
  });
});
