import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../examples/createRandom.js';
import { stormRecord, stormReserve } from '../../explorer/stress/stormBudget.js';
import { type BudgetState, countOperation, flushOperations } from '../../src/aggregation/budgetState.js';
import {
  type Budget,
  type BudgetOptions,
  type BudgetStore,
  createBudget,
  dynamoBudgetStore,
  memoryBudgetStore,
} from '../../src/aggregation/index.js';
import { faultyPort, insist, type PortFault, seededFaults } from '../faultyPort.js';
import { startTable, type TestTable } from '../startTable.js';

const yieldTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Hands `keys` to `workers`, who take turns wherever they wait. */
async function share(
  workers: number,
  keys: readonly string[],
  work: (key: string) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) await work(key);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

const keysOf = (count: number) => Array.from({ length: count }, (_, i) => `trade ${i}`);

describe('createBudget', () => {
  describe('bad input', () => {
    const store = memoryBudgetStore();
    it.each([
      ['limit', { limit: -1 }],
      ['limit', { limit: 0.5 }],
      ['limit', { limit: Number.NaN }],
      ['limit', { limit: 2 ** 53 }],
      ['ttlSeconds', { limit: 1, ttlSeconds: 0 }],
      ['maxPending', { limit: 1, maxPending: 26 }],
    ])('names the option %s', (field, options: BudgetOptions) => {
      expect(() => createBudget({ store }, 'b', options)).toThrow(
        new RegExp(`^${field}: expected an integer`),
      );
    });

    it('refuses blank and huge names and keys, and amounts that are no integers, before any call', async () => {
      expect(() => createBudget({ store: {} as BudgetStore }, 'b', { limit: 1 })).toThrow(/^store: expected/);
      const call = vi.fn((): PortFault => 'ok');
      const watched = faultyPort(store, call);
      for (const name of ['', ' ', 'x'.repeat(257)])
        expect(() => createBudget({ store: watched }, name, { limit: 1 })).toThrow(/^name: expected/);
      const budget = createBudget({ store: watched }, 'b', { limit: 1 });
      for (const key of ['', '\n', 'x'.repeat(257)]) {
        await expect(budget.record(key, 1)).rejects.toThrow(/^key: expected/);
        await expect(budget.reserve(key, 1)).rejects.toThrow(/^key: expected/);
        await expect(budget.release(key)).rejects.toThrow(/^key: expected/);
      }
      for (const amount of [Number.NaN, -1, 0.1, Number.POSITIVE_INFINITY, 2 ** 53, '1' as never]) {
        await expect(budget.record('k', amount)).rejects.toThrow(/^amount: expected an integer/);
        await expect(budget.reserve('k', amount)).rejects.toThrow(/^amount: expected an integer/);
      }
      expect(call).not.toHaveBeenCalled();
    });

    it('does not add up what a number cannot hold', async () => {
      const budget = createBudget({ store }, 'large', { limit: 1 });
      await budget.record('a', Number.MAX_SAFE_INTEGER);
      await expect(budget.record('b', 1)).rejects.toMatchObject({ code: 'BudgetOverflow' });
      expect(await budget.total()).toBe(Number.MAX_SAFE_INTEGER);
    });
  });

  const make = (limit: number, options: Partial<BudgetOptions> = {}): Budget =>
    createBudget({ store: memoryBudgetStore() }, 'b', { limit, ...options });

  it('tells the one key that crossed the limit, and its repeats', async () => {
    const budget = make(10);
    expect(await budget.record('a', 10)).toEqual({ total: 10, exceeded: false, crossed: false });
    expect(await budget.record('b', 1)).toEqual({ total: 11, exceeded: true, crossed: true });
    expect(await budget.record('c', 1)).toEqual({ total: 12, exceeded: true, crossed: false });
    expect(await budget.record('b', 1)).toEqual({ total: 12, exceeded: true, crossed: true });
    expect(await budget.record('a', 10)).toEqual({ total: 12, exceeded: true, crossed: false });
  });

  it('names no other key when the total crosses the limit again after a release', async () => {
    const budget = make(10);
    await budget.record('a', 11);
    expect(await budget.release('a')).toEqual({ released: true, total: 0 });
    expect(await budget.record('b', 11)).toEqual({ total: 11, exceeded: true, crossed: false });
    expect(await budget.record('a', 11)).toMatchObject({ crossed: true, total: 11 });
  });

  it('reserves up to the limit exactly, and remembers no refusal', async () => {
    const budget = make(10);
    expect(await budget.reserve('a', 6)).toEqual({ reserved: true, total: 6 });
    expect(await budget.reserve('b', 5)).toEqual({ reserved: false, total: 6 });
    expect(await budget.reserve('c', 4)).toEqual({ reserved: true, total: 10 });
    expect(await budget.reserve('d', 0)).toEqual({ reserved: true, total: 10 });
    await budget.release('a');
    expect(await budget.reserve('b', 5)).toEqual({ reserved: true, total: 9 });
  });

  it('counts a key once, with its first amount, however it is asked', async () => {
    const budget = make(100, { maxPending: 1 });
    await budget.reserve('a', 5);
    await budget.reserve('a', 7);
    await budget.record('a', 9);
    expect(await budget.total()).toBe(5);
    expect(await budget.release('a')).toEqual({ released: true, total: 0 });
    expect(await budget.release('a')).toEqual({ released: true, total: 0 });
    expect(await budget.reserve('a', 5)).toEqual({ reserved: false, total: 0, released: true });
  });

  it('releases nothing for a key that was never counted', async () => {
    const budget = make(10);
    expect(await budget.release('a')).toEqual({ released: false, total: 0 });
    expect(await budget.reserve('a', 4)).toEqual({ reserved: true, total: 4 });
  });

  it('keeps a key apart from one that looks like its release', async () => {
    const budget = make(10, { maxPending: 2 });
    await budget.record('release:a', 1);
    await budget.record('a', 2);
    await budget.release('a');
    expect(await budget.total()).toBe(1);
  });

  it('begins anew once it has expired, without the keys of its earlier life', async () => {
    let now = 1_800_000_000_000;
    const store = memoryBudgetStore();
    const budget = createBudget({ store, now: () => now }, 'b', { limit: 10, ttlSeconds: 60, maxPending: 1 });
    await budget.record('a', 11);
    now += 61_000;
    expect(await budget.total()).toBe(0);
    expect(await budget.record('a', 3)).toEqual({ total: 3, exceeded: false, crossed: false });
  });

  it('counts anew where the budget expired while a repeat was being answered', async () => {
    let now = 1_800_000_000_000;
    const store = memoryBudgetStore();
    const options = { limit: 10, ttlSeconds: 60 };
    await createBudget({ store, now: () => now }, 'b', options).record('a', 11);
    // The first read finds the key, the second one no budget any more.
    const slow = faultyPort(
      store,
      () => 'ok',
      () => {
        now = Math.min(now + 30_000, 1_800_000_060_000);
      },
    );
    const repeat = createBudget({ store: slow, now: () => now }, 'b', options);
    expect(await repeat.record('a', 11)).toEqual({ total: 11, exceeded: true, crossed: true });
  });

  it('heeds the limit of each caller', async () => {
    const store = memoryBudgetStore();
    await createBudget({ store }, 'b', { limit: 100 }).record('a', 50);
    const lower = createBudget({ store }, 'b', { limit: 10 });
    expect(await lower.reserve('b', 1)).toEqual({ reserved: false, total: 50 });
    expect(await lower.record('c', 1)).toMatchObject({ exceeded: true, crossed: true });
  });

  it('waits for a flush that another began, and helps when that one died', async () => {
    const store = memoryBudgetStore();
    const dying = faultyPort(store, (method) => (method === 'flush' ? 'failed' : 'ok'));
    await createBudget({ store: dying }, 'b', { limit: 10, maxPending: 1 }).record('a', 1);
    const waits: number[] = [];
    const sleep = async (ms: number) => {
      waits.push(ms);
    };
    const helper = createBudget({ store, sleep, random: () => 1 }, 'b', { limit: 10, maxPending: 1 });
    expect(await helper.record('b', 1)).toMatchObject({ total: 2 });
    expect(waits).toEqual([20]);
    expect(await helper.record('a', 1)).toMatchObject({ total: 2 });
  });

  describe('under faults', () => {
    /** Each key comes twice. */
    const storm = { seed: 7, workers: 64, keys: 5_000, sleep: yieldTurn };

    it('adds 10,000 reserves of 64 workers exactly, with one reply in ten lost, and never passes the limit', async () => {
      const { problems, total, limit } = await stormReserve(memoryBudgetStore(), storm, false);
      expect(problems).toEqual([]);
      expect(total).toBeLessThanOrEqual(limit);
      expect(total).toBeGreaterThan(limit - 900);
    });

    it('loses nothing that is released while others reserve and flush', async () => {
      const { problems, counted } = await stormReserve(memoryBudgetStore(), { ...storm, keys: 3_000 }, true);
      expect(problems).toEqual([]);
      expect(counted).toBeGreaterThan(1_000);
    });

    it('tells exactly one of 10,000 keys that it crossed, also when that reply was lost, and stays small', async () => {
      const { problems, crossed, total, largestBytes } = await stormRecord(memoryBudgetStore(), {
        ...storm,
        keys: 10_000,
      });
      console.log(`the item of 10,000 keys: at most ${largestBytes} bytes`);
      expect({ problems, total }).toEqual({ problems: [], total: 10_000 });
      expect(crossed).toHaveLength(1);
      expect(largestBytes).toBeLessThan(1_000);
    });

    interface Mistakes {
      readonly problems: readonly string[];
    }

    /** Any operations in any order, each delivered more than once, against any faults. */
    async function simulate(inner: BudgetStore, seed: number, workers: number): Promise<Mistakes> {
      const random = createRandom(seed);
      const problems = new Set<string>();
      const limit = 60;
      const store = faultyPort(inner, seededFaults(seed + 1, 5), () =>
        random() < 0.3 ? yieldTurn() : undefined,
      );
      const target = { store, random, sleep: yieldTurn };
      const reserving = createBudget(target, 'cap', { limit, maxPending: 3 });
      const recording = createBudget(target, 'breaker', { limit, maxPending: 3 });
      const keys = keysOf(20);
      const deliveries = [...keys, ...keys, ...keys].sort(() => random() - 0.5);
      const amounts = new Map(keys.map((key) => [key, Math.floor(random() * 12)]));
      const reserved = new Set<string>();
      const released = new Set<string>();
      const crossed = new Set<string>();
      await share(workers, deliveries, async (key) => {
        const amount = amounts.get(key) ?? 0;
        const { reserved: isReserved, total } = await insist(() => reserving.reserve(key, amount));
        if (total > limit) problems.add('the limit was passed');
        if (isReserved) reserved.add(key);
        if (isReserved && random() < 0.2) {
          if ((await insist(() => reserving.release(key))).released) released.add(key);
          else problems.add('a reserved key was not released');
        }
        if ((await insist(() => recording.record(key, amount))).crossed) crossed.add(key);
      });
      const sumOf = (some: Iterable<string>) => {
        let sum = 0;
        for (const key of some) sum += amounts.get(key) ?? 0;
        return sum;
      };
      const kept = [...reserved].filter((key) => !released.has(key));
      if ((await insist(() => reserving.total())) !== sumOf(kept))
        problems.add('the reserved total is wrong');
      if ((await insist(() => recording.total())) !== sumOf(keys))
        problems.add('the recorded total is wrong');
      const expected = sumOf(keys) > limit ? 1 : 0;
      if (crossed.size !== expected) problems.add(`${crossed.size} keys crossed instead of ${expected}`);
      return { problems: [...problems] };
    }

    it('counts every key once, released or not, whatever is lost, fails or is repeated', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 16 }), async (seed, workers) => {
          expect(await simulate(memoryBudgetStore(), seed, workers)).toEqual({ problems: [] });
        }),
        { numRuns: 100 },
      );
    });

    /** A memory store with other rules. */
    function brokenStore(rules: {
      count?: typeof countOperation;
      flush?: typeof flushOperations;
      hasMarkers?: boolean;
      /** Written as it was read when the operation began. */
      isReadThenWritten?: boolean;
    }): BudgetStore {
      const store = memoryBudgetStore();
      const budgets = new Map<string, BudgetState>();
      const { count = countOperation, flush = flushOperations, hasMarkers = true } = rules;
      return {
        ...store,
        async create(name, expiresAt) {
          const found = budgets.get(name);
          const fresh = { total: 0, epoch: 0, pending: new Map(), crossedBy: undefined, expiresAt };
          if (found === undefined) budgets.set(name, fresh);
          return { applied: found === undefined, current: found ?? fresh };
        },
        read: async (name) => budgets.get(name),
        async count(name, operation) {
          const found = budgets.get(name);
          const changed = found && count(found, operation);
          if (rules.isReadThenWritten) await yieldTurn();
          if (changed !== undefined) budgets.set(name, changed);
          return { applied: changed !== undefined, current: changed ?? found };
        },
        async flush(name, seen, operations) {
          const found = budgets.get(name);
          const changed = found && flush(found, seen, operations);
          if (changed !== undefined) budgets.set(name, changed);
          return { applied: changed !== undefined, current: changed ?? found };
        },
        async putMarker(...marker) {
          if (hasMarkers) await store.putMarker(...marker);
        },
      };
    }

    it.each<[string, Parameters<typeof brokenStore>[0]]>([
      ['a total that is read, and then written', { isReadThenWritten: true }],
      ['a count that does not heed the epoch', { count: (s, o) => countOperation(s, { ...o, seen: s }) }],
      [
        'a late flush that takes everything with it',
        { flush: (s) => flushOperations(s, s, [...s.pending.keys()]) },
      ],
      ['a flush without markers', { hasMarkers: false }],
      [
        'a key that crosses after another has',
        {
          count: (s, o) => countOperation(o.crossedBy === undefined ? s : { ...s, crossedBy: undefined }, o),
        },
      ],
      [
        'a reserve that does not look at the total',
        { count: (s, { atMost: _, ...o }) => countOperation(s, o) },
      ],
      [
        'a pending set in which a key counts twice',
        {
          count: (s, o) => {
            const counted = countOperation({ ...s, pending: new Map() }, o);
            return counted && { ...counted, pending: new Map(s.pending).set(o.operation, o.amount) };
          },
        },
      ],
    ])('would notice %s', async (name, rules) => {
      const problems: string[] = [];
      for (let seed = 1; seed <= 40 && problems.length === 0; seed += 1)
        problems.push(...(await simulate(brokenStore(rules), seed, 8)).problems);
      expect(problems, name).not.toEqual([]);
    });
  });

  describe('on DynamoDB', () => {
    let table: TestTable;
    beforeAll(async () => {
      table = await startTable();
    });
    afterAll(() => table.stop());

    it('is one small item, however many keys it has counted', async () => {
      const sizes: number[] = [];
      table.client.middlewareStack.add(
        (next) => async (args) => {
          const reply = await next(args);
          const { Attributes } = reply.output as { Attributes?: object };
          if (Attributes !== undefined) sizes.push(JSON.stringify(Attributes).length);
          return reply;
        },
        { step: 'initialize', name: 'sizes' },
      );
      const budget = createBudget({ store: dynamoBudgetStore(table) }, randomUUID(), { limit: 75 });
      const crossed: string[] = [];
      await share(16, [...keysOf(100), ...keysOf(10)], async (key) => {
        if ((await budget.record(key, 1)).crossed) crossed.push(key);
      });
      expect(await budget.total()).toBe(100);
      expect(crossed).toHaveLength(1);
      expect(Math.max(...sizes)).toBeLessThan(1_500);
    });
  });
});
