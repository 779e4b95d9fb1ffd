import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  createFanIn,
  type FanIn,
  type FanInStore,
  memoryFanInStore,
  type OnComplete,
  type Outcome,
} from '../../src/aggregation/index.js';
import { isFanfoldError } from '../../src/errors.js';
import { collect } from '../collect.js';
import { entries, entry, failed, succeeded, watched } from './fanInOutcomes.js';
import { type Fault, faultyStore } from './faultyStore.js';

function codeOf(code: string) {
  return expect.objectContaining({ name: 'FanfoldError', code });
}

describe('createFanIn', () => {
  describe('open', () => {
    it('completes at once when there is nothing to do', async () => {
      const { fanIn, completions } = watched();
      expect(await fanIn.open('empty', { total: 0 })).toMatchObject({ state: 'delivered', sealed: true });
      expect(completions).toMatchObject([
        { id: 'empty', completionReason: 'ALL_COMPLETED', counts: { expected: 0 } },
      ]);
    });

    it('keeps the first deadline, metadata and counts when it is opened again', async () => {
      const { fanIn } = watched();
      await fanIn.open('a', { total: 2, deadlineAt: new Date(2_000_000_000_000), metadata: { tenant: 'x' } });
      await fanIn.settle('a', [entry(0)]);
      const again = await fanIn.open('a', {
        total: 2,
        deadlineAt: 2_100_000_000_000,
        metadata: { tenant: 'y' },
      });
      expect(again).toMatchObject({
        deadlineAt: 2_000_000_000_000,
        metadata: { tenant: 'x' },
        counts: { succeeded: 1 },
      });
    });

    it('refuses another total or maxItems under the same id', async () => {
      const { fanIn } = watched();
      await fanIn.open('a', { total: 2 });
      await fanIn.open('s', { maxItems: 10 });
      await expect(fanIn.open('a', { total: 3 })).rejects.toThrow(codeOf('FanInMismatch'));
      await expect(fanIn.open('a', {})).rejects.toThrow(codeOf('FanInMismatch'));
      await expect(fanIn.open('s', { maxItems: 11 })).rejects.toThrow(codeOf('FanInMismatch'));
      expect(await fanIn.open('s', { maxItems: 10 })).toMatchObject({ sealed: false });
    });

    it('has a deadline in 24 hours, another one, or none', async () => {
      const { fanIn } = watched({ now: () => 1_000 });
      expect((await fanIn.open('a', { total: 1 })).deadlineAt).toBe(86_401_000);
      expect((await fanIn.open('b', { total: 1, deadlineAt: 5_000 })).deadlineAt).toBe(5_000);
      expect(await fanIn.open('c', { total: 1, deadlineAt: null })).not.toHaveProperty('deadlineAt');
    });

    it('hands the task token and the metadata to the delivery, and the token to nobody else', async () => {
      const contexts: unknown[] = [];
      const onComplete = vi.fn<OnComplete>((_summary, { taskToken }) => contexts.push(taskToken));
      const { fanIn } = watched({ onComplete });
      const opened = await fanIn.open('a', {
        total: 1,
        taskToken: 'secret',
        metadata: JSON.parse('{"__proto__":1,"k":2}'),
      });
      await fanIn.settle('a', [entry(0)]);
      expect(contexts).toEqual(['secret']);
      expect(JSON.stringify([opened, await fanIn.status('a'), onComplete.mock.calls[0]?.[0]])).not.toContain(
        'secret',
      );
      expect(JSON.stringify(onComplete.mock.calls[0]?.[0].metadata)).toBe('{"__proto__":1,"k":2}');
    });

    it.each([
      ['id', '', { total: 1 }],
      ['id', ' ', { total: 1 }],
      ['id', 'a\u0000b', { total: 1 }],
      ['id', 'x'.repeat(2_000), { total: 1 }],
      ['total', 'a', { total: -1 }],
      ['total', 'a', { total: 1.5 }],
      ['total', 'a', { total: 16_777_217 }],
      ['maxItems', 'a', { maxItems: 0 }],
      ['maxItems', 'a', { total: 1, maxItems: 1 }],
      ['deadlineAt', 'a', { total: 1, deadlineAt: Number.NaN }],
      ['deadlineAt', 'a', { total: 1, deadlineAt: new Date('never') }],
      ['taskToken', 'a', { total: 1, taskToken: '' }],
    ])('refuses a bad %s before any call', async (field, id, options) => {
      const calls = vi.fn(() => 'ok' as Fault);
      const fanIn = createFanIn({ store: faultyStore(memoryFanInStore(), calls) });
      await expect(fanIn.open(id, options)).rejects.toThrow(new RegExp(`^${field}: expected`));
      expect(calls).not.toHaveBeenCalled();
    });

    it('does not show a bad task token in its error', async () => {
      const { fanIn } = watched();
      const error = await fanIn
        .open('a', { total: 1, taskToken: 'secret'.repeat(1_000) })
        .catch((e: Error) => e);
      expect(String((error as Error).message)).not.toContain('secret');
    });
  });

  describe('settle', () => {
    it.each([
      [1, 256],
      [256, 256],
      [257, 256],
      [65_536, 256],
      [65_537, 256],
      [17, 2],
      [16, 4],
      [65, 4],
    ])('counts %i items in leaves of %i to one completion', async (total, leafSize) => {
      const { fanIn, completions } = watched({ leafSize });
      await fanIn.open('a', { total });
      for (let start = 0; start < total; start += 100) {
        await fanIn.settle('a', entries(start, Math.min(total, start + 100)));
      }
      const counts = {
        expected: total,
        succeeded: total,
        failed: 0,
        timedOut: 0,
        cancelled: 0,
        notStarted: 0,
      };
      expect(completions).toMatchObject([{ counts, completionReason: 'ALL_COMPLETED' }]);
      expect(await fanIn.status('a')).toMatchObject({ state: 'delivered', counts });
    });

    it('answers for each entry, in order, and takes the first of an index that comes twice', async () => {
      const { fanIn } = watched();
      await fanIn.open('a', { total: 3 });
      await fanIn.settle('a', [entry(1)]);
      const { entries: answers, state } = await fanIn.settle('a', [
        entry(2, failed()),
        entry(1),
        entry(2),
        entry(0, failed()),
      ]);
      expect(answers).toEqual(['recorded', 'duplicate', 'duplicate', 'recorded']);
      expect(state).toBe('delivered');
      expect(await fanIn.status('a')).toMatchObject({ counts: { succeeded: 1, failed: 2 } });
    });

    it('keeps the first outcome of an item, whatever comes later', async () => {
      const { fanIn } = watched();
      await fanIn.open('a', { total: 3 });
      await fanIn.settle('a', [entry(0), entry(1, failed())]);
      await fanIn.settle('a', [entry(0, failed()), entry(1)]);
      expect(await fanIn.status('a')).toMatchObject({ counts: { succeeded: 1, failed: 1, notStarted: 1 } });
    });

    it('counts each bucket of a batch that is larger than one expression', async () => {
      const { fanIn, completions } = watched();
      await fanIn.open('a', { total: 256 });
      const statuses = ['succeeded', 'failed', 'timedOut', 'cancelled'] as const;
      const mixed = Array.from({ length: 256 }, (_, i) =>
        entry(i, { ...failed(), ...succeeded(), status: statuses[i % 4] } as Outcome<unknown>),
      );
      await fanIn.settle('a', mixed);
      expect(completions).toMatchObject([
        { counts: { succeeded: 64, failed: 64, timedOut: 64, cancelled: 64, notStarted: 0 } },
      ]);
    });

    it('says gone for a fan-in that never was or has expired, and raises no ghost', async () => {
      let now = 1_000_000;
      const { fanIn } = watched({ now: () => now, ttlSeconds: 10 });
      expect(await fanIn.settle('never', [entry(0), entry(300)])).toEqual({
        entries: ['gone', 'gone'],
        state: 'gone',
      });
      await fanIn.open('a', { total: 2, deadlineAt: null });
      now += 11_000;
      expect(await fanIn.settle('a', [entry(0)])).toEqual({ entries: ['gone'], state: 'gone' });
      expect(await fanIn.status('a')).toBeUndefined();
    });

    it.each([-1, 1.5, 2 ** 53, Number.NaN, '3'])(
      'refuses index %s before any write, with all its batch',
      async (index) => {
        const { fanIn } = watched();
        await fanIn.open('a', { total: 2 });
        await expect(fanIn.settle('a', [entry(0), entry(index as number)])).rejects.toThrow(
          /^entries\[1\]\.index: expected an integer/,
        );
        expect(await fanIn.status('a')).toMatchObject({ counts: { notStarted: 2 } });
      },
    );

    it.each([false, true])(
      'refuses an index that was never handed out (storeResults %s)',
      async (storeResults) => {
        const { fanIn, store } = watched({ storeResults });
        await fanIn.open('a', { total: 2 });
        await expect(fanIn.settle('a', [entry(2)])).rejects.toThrow(codeOf('InvalidArgument'));
        await expect(fanIn.settle('a', [entry(4_000)])).rejects.toThrow(codeOf('InvalidArgument'));
        expect(await fanIn.status('a')).toMatchObject({ counts: { expected: 2, notStarted: 2 } });
        expect(
          await store.readRecord('a', { kind: 'result', leaf: 0, offset: 2 }, Date.now()),
        ).toBeUndefined();
      },
    );

    it('refuses what is no outcome, naming the field', async () => {
      const { fanIn } = watched();
      await fanIn.open('a', { total: 2 });
      const settle = (outcome: unknown) =>
        fanIn.settle('a', [{ index: 0, outcome: outcome as Outcome<unknown> }]);
      await expect(settle({ status: 'done' })).rejects.toThrow(
        'entries[0].outcome.status: expected one of succeeded, failed',
      );
      await expect(settle(null)).rejects.toThrow('entries[0].outcome.status');
      await expect(settle({ status: 'failed' })).rejects.toThrow('entries[0].outcome.error.message');
      await expect(fanIn.settle('a', [null as never])).rejects.toThrow('entries[0].index');
    });

    it('finds the leaf size that the fan-in was opened with', async () => {
      const store = memoryFanInStore();
      await watched({ store, leafSize: 4 }).fanIn.open('a', { total: 9 });
      const { fanIn, completions } = watched({ store });
      const { entries: answers } = await fanIn.settle('a', [...entries(0, 9), entry(3)]);
      expect(answers).toEqual([...Array(9).fill('recorded'), 'duplicate']);
      expect(completions).toHaveLength(1);
    });
  });

  describe('delivery', () => {
    it('throws where onComplete fails, and delivers when anything touches the fan-in again', async () => {
      const onComplete = vi.fn<OnComplete>().mockRejectedValueOnce(new Error('queue is down'));
      const { fanIn } = watched({ onComplete });
      await fanIn.open('a', { total: 2 });
      await fanIn.settle('a', [entry(1)]);
      const error: unknown = await fanIn.settle('a', [entry(0)]).catch((e) => e);
      expect(error).toMatchObject({
        code: 'DeliveryFailed',
        retryable: true,
        cause: { message: 'queue is down' },
      });
      expect(await fanIn.status('a')).toMatchObject({ state: 'decided' });
      expect(await fanIn.settle('a', [entry(1)])).toEqual({ entries: ['duplicate'], state: 'delivered' });
      const ids = onComplete.mock.calls.map(([{ deliveryId }]) => deliveryId);
      expect(ids).toEqual([ids[0], ids[0]]);
    });

    it('delivers on opening again, too', async () => {
      const onComplete = vi.fn<OnComplete>().mockRejectedValueOnce(new Error('down'));
      const { fanIn } = watched({ onComplete });
      await fanIn.open('a', { total: 1 });
      await fanIn.settle('a', [entry(0)]).catch(() => undefined);
      expect(await fanIn.open('a', { total: 1 })).toMatchObject({ state: 'delivered' });
    });

    it('makes a second process throw while the first delivers, and take over when its lease runs out', async () => {
      let now = 1_000_000;
      const store = memoryFanInStore();
      const hung = watched({
        store,
        now: () => now,
        leaseMs: 5_000,
        onComplete: () => new Promise(() => undefined),
      });
      await hung.fanIn.open('a', { total: 1 });
      void hung.fanIn.settle('a', [entry(0)]);
      await vi.waitFor(async () => expect(await store.readMeta('a', now)).toHaveProperty('lease.owner'));
      const second = watched({ store, now: () => now });
      await expect(second.fanIn.settle('a', [entry(0)])).rejects.toMatchObject({
        code: 'DeliveryInProgress',
        retryable: true,
      });
      expect(second.completions).toEqual([]);
      now += 5_000;
      expect(await second.fanIn.settle('a', [entry(0)])).toMatchObject({ state: 'delivered' });
      expect(second.completions).toHaveLength(1);
    });

    it('only decides in a process without onComplete, and is delivered by one that has it', async () => {
      const store = memoryFanInStore();
      const silent = createFanIn({ store });
      await silent.open('a', { total: 1 });
      expect(await silent.settle('a', [entry(0)])).toMatchObject({ state: 'decided' });
      const { fanIn, completions } = watched({ store });
      expect(await fanIn.settle('a', [entry(0)])).toMatchObject({ state: 'delivered' });
      expect(completions).toHaveLength(1);
    });

    it('changes nothing for outcomes that come after the decision', async () => {
      const { fanIn, completions } = watched();
      await fanIn.open('a', { total: 1 });
      await fanIn.settle('a', [entry(0)]);
      await fanIn.settle('a', [entry(0, failed())]);
      expect(completions).toHaveLength(1);
      expect(await fanIn.status('a')).toMatchObject({ counts: { succeeded: 1, failed: 0 } });
    });
  });

  describe('a stream', () => {
    it('is complete only once it is sealed', async () => {
      const { fanIn, completions } = watched({ leafSize: 4 });
      await fanIn.open('s');
      expect(await fanIn.allocate('s', 6, { key: 'a' })).toEqual({ start: 0, end: 6 });
      await fanIn.settle('s', entries(0, 6));
      expect(await fanIn.allocate('s', 3, { key: 'b' })).toEqual({ start: 6, end: 9 });
      await fanIn.settle('s', entries(6, 9));
      expect(completions).toEqual([]);
      expect(await fanIn.seal('s', 9)).toBe('delivered');
      expect(completions).toMatchObject([{ counts: { expected: 9, succeeded: 9 } }]);
    });

    it('gives a key its range for ever, and later ones the next', async () => {
      const { fanIn } = watched({ leafSize: 4 });
      await fanIn.open('s');
      const ranges = [];
      for (const key of ['a', 'b', 'a', 'c', 'b', 'c']) ranges.push(await fanIn.allocate('s', 3, { key }));
      expect(ranges.map(({ start }) => start)).toEqual([0, 3, 0, 6, 3, 6]);
    });

    it('gives concurrent callers ranges that do not overlap, and one range to the same key', async () => {
      const { fanIn } = watched({ leafSize: 4 });
      await fanIn.open('s');
      const keys = Array.from({ length: 40 }, (_, i) => `k${i % 20}`);
      const ranges = await Promise.all(keys.map((key) => fanIn.allocate('s', 2, { key })));
      const starts = new Set(ranges.map(({ start }) => start));
      expect([...starts].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
      for (const [i, { start }] of ranges.entries()) expect(start).toBe(ranges[(i + 20) % 40]?.start);
    });

    it('is sealed only at what was allocated, and allocates no more', async () => {
      const { fanIn } = watched();
      await fanIn.open('s', { maxItems: 5 });
      await fanIn.allocate('s', 3);
      await expect(fanIn.allocate('s', 3)).rejects.toThrow(/^count: expected at most 2 more items/);
      await expect(fanIn.seal('s', 2)).rejects.toThrow(codeOf('FanInMismatch'));
      await expect(fanIn.seal('s', 4)).rejects.toThrow(codeOf('FanInMismatch'));
      expect(await fanIn.seal('s', 3)).toBe('open');
      expect(await fanIn.seal('s', 3)).toBe('open');
      await expect(fanIn.allocate('s', 1)).rejects.toThrow(codeOf('FanInSealed'));
      await expect(fanIn.seal('never', 0)).rejects.toThrow(codeOf('FanInGone'));
    });

    it('never fills a leaf with an index that was not handed out', async () => {
      const { fanIn } = watched({ leafSize: 4 });
      await fanIn.open('s');
      await fanIn.allocate('s', 2);
      await expect(fanIn.settle('s', [entry(2)])).rejects.toThrow(codeOf('InvalidArgument'));
      expect(await fanIn.status('s')).toMatchObject({ counts: { expected: 2, notStarted: 2 } });
    });
  });

  describe('reading', () => {
    it('lists what is missing and what ended how, also where full leaves have been rolled up', async () => {
      const { fanIn } = watched({ leafSize: 3 });
      await fanIn.open('a', { total: 20 });
      await fanIn.settle('a', [...entries(0, 9), entry(10, failed()), entry(19, failed())]);
      expect(await collect(fanIn.missing('a'))).toEqual([9, 11, 12, 13, 14, 15, 16, 17, 18]);
      expect(await collect(fanIn.indices('a', ['failed']))).toEqual([10, 19]);
      expect(await collect(fanIn.indices('a', ['succeeded', 'failed']))).toHaveLength(11);
      expect(await fanIn.status('a')).toMatchObject({ counts: { succeeded: 9, failed: 2, notStarted: 9 } });
    });

    it('rejects for a fan-in that does not exist; its status is undefined', async () => {
      const { fanIn } = watched();
      await expect(collect(fanIn.missing('never'))).rejects.toThrow(codeOf('FanInGone'));
      await expect(collect(fanIn.results('never'))).rejects.toThrow(codeOf('FanInGone'));
      expect(await fanIn.status('never')).toBeUndefined();
    });

    it('gives results back as they were stored, first one final', async () => {
      const { fanIn } = watched({ storeResults: true, leafSize: 2 });
      await fanIn.open('a', { total: 4 });
      await fanIn.settle('a', [
        entry(3, failed('late')),
        entry(1, { status: 'succeeded', value: undefined }),
        entry(0, succeeded(JSON.parse('{"__proto__":{"x":1}}'))),
      ]);
      await fanIn.settle('a', [entry(1, failed()), entry(2, succeeded(new Date(0)))]);
      const results = await collect(fanIn.results('a'));
      expect(results.map(({ index, outcome }) => [index, outcome.status])).toEqual([
        [0, 'succeeded'],
        [1, 'succeeded'],
        [2, 'succeeded'],
        [3, 'failed'],
      ]);
      expect(JSON.stringify(results[0]?.outcome)).toBe(
        '{"status":"succeeded","value":{"__proto__":{"x":1}}}',
      );
      expect(results[1]?.outcome).toEqual({ status: 'succeeded', value: undefined });
      expect(results[2]?.outcome).toEqual({ status: 'succeeded', value: '1970-01-01T00:00:00.000Z' });
      expect(results[3]?.outcome).toMatchObject({ error: { message: 'late' } });
    });

    it('counts the outcome that is stored, when another process died between storing and counting', async () => {
      const { fanIn, store } = watched({ storeResults: true });
      await fanIn.open('a', { total: 1 });
      const meta = await store.readMeta('a', Date.now());
      const stored = JSON.stringify(failed('first'));
      await store.keepRecord(
        'a',
        { kind: 'result', leaf: 0, offset: 0 },
        stored,
        meta?.expiresAt ?? 0,
        Date.now(),
      );
      await fanIn.settle('a', [entry(0, succeeded('second'))]);
      expect(await fanIn.status('a')).toMatchObject({ counts: { succeeded: 0, failed: 1 } });
    });

    it.each([
      ['a BigInt', 1n],
      ['a function', () => 1],
      ['500 KB', 'x'.repeat(500_000)],
    ])('refuses %s as a result and stores nothing of the batch', async (_name, value) => {
      const { fanIn } = watched({ storeResults: true });
      await fanIn.open('a', { total: 2 });
      await expect(fanIn.settle('a', [entry(0), entry(1, succeeded(value))])).rejects.toThrow(
        /^outcome of 1.*expected/,
      );
      expect(await collect(fanIn.results('a'))).toEqual([]);
      expect(await fanIn.status('a')).toMatchObject({ counts: { notStarted: 2 } });
    });

    it('claims a large result from where it was checked in, and refuses it where there is no such place', async () => {
      const large = 'x'.repeat(500_000);
      const shelf = new Map<string, string>();
      const claimCheck = {
        put: async (key: string, text: string) => shelf.set(key, text),
        get: async (key: string) => shelf.get(key) ?? '',
      };
      const { fanIn, store } = watched({ storeResults: true, claimCheck });
      await fanIn.open('../a', { total: 2 });
      await fanIn.settle('../a', [entry(0, succeeded(large)), entry(1, failed())]);
      await fanIn.settle('../a', [entry(0, succeeded('late'))]);
      expect([...shelf.keys()][0]).toMatch(/^\.\.%2Fa\/0-[\w-]+\.json$/);
      const results = await collect(fanIn.results('../a'));
      expect(results.map(({ outcome }) => outcome.status)).toEqual(['succeeded', 'failed']);
      expect(results[0]?.outcome).toEqual(succeeded(large));
      const blind = createFanIn({ store, storeResults: true });
      await expect(collect(blind.results('../a'))).rejects.toThrow(/^claimCheck: expected/);
    });

    it('refuses a cycle as a result', async () => {
      const { fanIn } = watched({ storeResults: true });
      await fanIn.open('a', { total: 1 });
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      await expect(fanIn.settle('a', [entry(0, succeeded(cycle))])).rejects.toThrow(
        codeOf('InvalidArgument'),
      );
    });

    it('keeps the first real reason of an item for the dead-letter handler, and settles nothing by it', async () => {
      const { fanIn } = watched();
      await fanIn.open('a', { total: 1 });
      const error = { name: 'HttpError', message: '503', code: 'Unavailable', retryable: true };
      await fanIn.recordFailure('a', 0, error);
      await fanIn.recordFailure('a', 0, { ...error, message: '504' });
      await fanIn.recordFailure('never', 0, error);
      expect(await fanIn.readFailure('a', 0)).toEqual(error);
      expect(await fanIn.readFailure('never', 0)).toBeUndefined();
      expect(await fanIn.status('a')).toMatchObject({ counts: { notStarted: 1 } });
    });
  });

  it.each([
    ['store', { store: undefined }],
    ['onComplete', { onComplete: 1 }],
    ['leaseMs', { leaseMs: 0 }],
    ['ttlSeconds', { ttlSeconds: 0.5 }],
    ['leafSize', { leafSize: 257 }],
    ['storeResults', { storeResults: 'yes' }],
  ])('refuses a bad %s', (field, options) => {
    expect(() => createFanIn({ store: memoryFanInStore(), ...options } as never)).toThrow(
      new RegExp(`^${field}: expected`),
    );
  });
});

describe('a fan-in under faults', () => {
  const statuses = ['succeeded', 'failed', 'timedOut', 'cancelled'] as const;
  const outcomeOf = (status: (typeof statuses)[number]) =>
    status === 'succeeded' ? succeeded() : ({ ...failed(), status } as Outcome<unknown>);

  /** As a queue does: tries again, up to a limit, while the error says that it may help. */
  async function insist<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        const mayHelp = !isFanfoldError(error) || error.retryable;
        if (!mayHelp || tries > 2_000) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  }

  async function expectExact(store: FanInStore, id: string, wanted: Record<string, number>) {
    const clean = createFanIn({ store });
    expect(await clean.status(id)).toMatchObject({
      state: 'delivered',
      counts: { ...wanted, notStarted: 0 },
    });
    expect(await collect(clean.missing(id))).toEqual([]);
  }

  it('counts exactly when twenty settlers send every outcome three times and replies get lost', async () => {
    const items = fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 40 });
    const faults = fc.infiniteStream(
      fc.constantFrom<Fault>('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'failed', 'lost', 'repeated'),
    );
    await fc.assert(
      fc.asyncProperty(
        items,
        faults,
        fc.integer({ min: 2, max: 5 }),
        fc.boolean(),
        fc.integer(),
        async (outcomes, next, leafSize, storeResults, seed) => {
          const inner = memoryFanInStore();
          const store = faultyStore(inner, () => next.next().value);
          const decided = new Set<string>();
          const onComplete: OnComplete = ({ deliveryId, counts }) => {
            decided.add(`${deliveryId} ${JSON.stringify(counts)}`);
          };
          const settlers = Array.from({ length: 20 }, () =>
            createFanIn({ store, onComplete, leafSize, storeResults, leaseMs: 1 }),
          );
          await insist(async () => settlers[0]?.open('job', { total: outcomes.length }));

          const sent = [0, 1, 2].flatMap(() =>
            outcomes.map((status, index) => entry(index, outcomeOf(status))),
          );
          sent.sort((a, b) => (((a.index + 1) * 7919 + seed) % 31) - (((b.index + 1) * 7919 + seed) % 31));
          await Promise.all(
            settlers.map(async (fanIn, settler) => {
              const mine = sent.filter((_, i) => i % 20 === settler);
              for (let i = 0; i < mine.length; i += 3)
                await insist(() => fanIn.settle('job', mine.slice(i, i + 3)));
            }),
          );
          const wanted = Object.fromEntries(
            statuses.map((status) => [status, outcomes.filter((o) => o === status).length]),
          );
          expect(decided.size).toBe(1);
          await expectExact(inner, 'job', wanted);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('opens, allocates, settles and seals a stream through a fault at every single call', async () => {
    for (const fault of ['failed', 'lost', 'repeated'] as const) {
      let calls = 1;
      for (let target = 0; target < calls; target += 1) {
        calls = 0;
        const inner = memoryFanInStore();
        const store = faultyStore(inner, () => (calls++ === target ? fault : 'ok'));
        const { fanIn, completions } = watched({ store, leafSize: 2, leaseMs: 1 });
        await insist(() => fanIn.open('s'));
        for (const key of ['0', '3', '6']) {
          const { start, end } = await insist(() => fanIn.allocate('s', 3, { key }));
          expect(start).toBe(Number(key));
          await insist(() => fanIn.settle('s', entries(start, end)));
        }
        await insist(() => fanIn.seal('s', 9));
        expect(new Set(completions.map(({ deliveryId }) => deliveryId)).size).toBe(1);
        await expectExact(inner, 's', { expected: 9, succeeded: 9 });
      }
      expect(calls).toBeGreaterThan(30);
    }
  });

  it('finishes a job of known size whose opener or last settler died at any call', async () => {
    let survived = false;
    let target = 0;
    for (; !survived; target += 1) {
      let calls = 0;
      let dead = false;
      const inner = memoryFanInStore();
      const dying = faultyStore(inner, () => {
        dead ||= calls++ === target;
        return dead ? 'failed' : 'ok';
      });
      const onComplete: OnComplete = () => undefined;
      const first = createFanIn({ store: dying, leafSize: 2, onComplete });
      const work = async (fanIn: FanIn) => {
        await fanIn.open('a', { total: 5 });
        for (let index = 0; index < 5; index += 1) await fanIn.settle('a', [entry(index)]);
      };
      survived = await work(first).then(
        () => true,
        () => false,
      );
      const { fanIn } = watched({ store: inner, leafSize: 2, now: () => Date.now() + 60_000 });
      await work(fanIn);
      await expectExact(inner, 'a', { expected: 5, succeeded: 5 });
    }
    expect(target).toBeGreaterThan(20);
  });
});
