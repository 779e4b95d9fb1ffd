import { describe, expect, it } from 'vitest';
import { createFanIn, createSweeper, memoryFanInStore } from '../../src/aggregation/index.js';
import { collect } from '../collect.js';
import { entries, entry, failed, watched } from './fanInOutcomes.js';
import { faultyStore } from './faultyStore.js';

const NOW = 1_800_000_000_000;

/** The same seeded shuffle in every run. */
function shuffled(count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  let seed = 42;
  for (let i = count - 1; i > 0; i -= 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const j = seed % (i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

describe('tolerance', () => {
  it('decides 1,000 items at 5 % at the 51st failure and not at the 50th, once, while others go on', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('a', { total: 1_000, toleratedFailurePercentage: 5 });
    const order = shuffled(1_000);
    await Promise.all(order.slice(0, 300).map((index) => fanIn.settle('a', [entry(index)])));
    await Promise.all(order.slice(300, 350).map((index) => fanIn.settle('a', [entry(index, failed())])));
    expect(completions).toEqual([]);
    const late = order
      .slice(351)
      .map((index) => fanIn.settle('a', [entry(index, failed())]).catch((error) => error.code));
    await fanIn.settle('a', [entry(order[350] ?? 0, failed())]).catch(() => undefined);
    await Promise.all(late);
    expect(completions).toMatchObject([
      { completionReason: 'FAILURE_TOLERANCE_EXCEEDED', counts: { expected: 1_000, succeeded: 300 } },
    ]);
    const [{ counts } = expect.fail()] = completions;
    expect(counts.failed).toBeGreaterThan(50);
    expect(counts.succeeded + counts.failed + counts.notStarted).toBe(1_000);
    expect(await fanIn.status('a')).toMatchObject({ counts });
  });

  it('counts a failure once, however often it is settled', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('a', { total: 10, toleratedFailureCount: 1 });
    for (let time = 0; time < 5; time += 1) await fanIn.settle('a', [entry(3, failed())]);
    expect(completions).toEqual([]);
    await fanIn.settle('a', [entry(4, failed())]);
    expect(completions).toMatchObject([{ counts: { failed: 2, notStarted: 8 } }]);
  });

  it('records what comes after the decision, and changes nothing by it', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('a', { total: 10, toleratedFailureCount: 0 });
    await fanIn.settle('a', [entry(0, failed())]);
    expect(await fanIn.settle('a', entries(1, 10))).toMatchObject({
      entries: Array(9).fill('recorded'),
      state: 'delivered',
    });
    expect(await fanIn.status('a')).toMatchObject({ counts: { failed: 1, succeeded: 0, notStarted: 9 } });
    expect(await collect(fanIn.missing('a'))).toEqual([]);
    expect(completions).toHaveLength(1);
  });

  it('is late by unfilled leaves, never early, above 200 failures', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('a', { total: 2_560, toleratedFailureCount: 255 });
    // One failure more than tolerated, but no leaf is full: nobody can know yet.
    for (let leaf = 0; leaf < 8; leaf += 1)
      await fanIn.settle('a', entries(leaf * 256, leaf * 256 + 32, failed()));
    expect(completions).toEqual([]);
    for (let leaf = 0; leaf < 7; leaf += 1)
      await fanIn.settle('a', entries(leaf * 256 + 32, leaf * 256 + 256));
    expect(completions).toEqual([]);
    await fanIn.settle('a', entries(7 * 256 + 32, 8 * 256));
    expect(completions).toMatchObject([
      { completionReason: 'FAILURE_TOLERANCE_EXCEEDED', counts: { failed: 256 } },
    ]);
  });

  it('counts a percentage of a stream from the seal on', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('s', { toleratedFailurePercentage: 20 });
    await fanIn.allocate('s', 10);
    await fanIn.settle('s', entries(0, 3, failed()));
    expect(completions).toEqual([]);
    expect(await fanIn.seal('s', 10)).toBe('delivered');
    expect(completions).toMatchObject([
      { completionReason: 'FAILURE_TOLERANCE_EXCEEDED', counts: { expected: 10, failed: 3, notStarted: 7 } },
    ]);
  });

  it('is an error when it is opened again with another one', async () => {
    const { fanIn } = watched();
    await fanIn.open('a', { total: 10, toleratedFailureCount: 1 });
    await expect(fanIn.open('a', { total: 10 })).rejects.toMatchObject({ code: 'FanInMismatch' });
    await expect(
      fanIn.open('a', { total: 10, toleratedFailureCount: 1, minSuccessful: 2 }),
    ).rejects.toMatchObject({ code: 'FanInMismatch' });
    expect(await fanIn.open('a', { total: 10, toleratedFailureCount: 1 })).toMatchObject({ state: 'open' });
  });
});

describe('minSuccessful', () => {
  it('decides within a leaf at the very success that is enough', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('a', { total: 10, minSuccessful: 3 });
    await fanIn.settle('a', [entry(0), entry(1), entry(2, failed())]);
    expect(completions).toEqual([]);
    expect(await fanIn.settle('a', [entry(9)])).toMatchObject({ state: 'delivered' });
    expect(completions).toMatchObject([
      { completionReason: 'MIN_SUCCESSFUL_REACHED', counts: { succeeded: 3, failed: 1, notStarted: 6 } },
    ]);
  });

  it('decides across leaves as they fill', async () => {
    const { fanIn, completions } = watched({ leafSize: 2 });
    await fanIn.open('a', { total: 8, minSuccessful: 3 });
    for (const index of [0, 2, 4]) await fanIn.settle('a', [entry(index)]);
    expect(completions).toEqual([]);
    await fanIn.settle('a', [entry(1)]);
    await fanIn.settle('a', [entry(3)]);
    expect(completions).toMatchObject([
      { completionReason: 'MIN_SUCCESSFUL_REACHED', counts: { succeeded: 5, notStarted: 3 } },
    ]);
  });
});

describe('cancel', () => {
  it('turns what is unsettled into cancelled, with the reason, and delivers', async () => {
    const { fanIn, completions } = watched({ storeResults: true, leafSize: 2 });
    await fanIn.open('a', { total: 5 });
    await fanIn.settle('a', [entry(1), entry(4, failed())]);
    expect(await fanIn.cancel('a', 'no longer needed')).toBe('delivered');
    expect(completions).toMatchObject([
      { completionReason: 'CANCELLED', counts: { succeeded: 1, failed: 1, cancelled: 3, notStarted: 0 } },
    ]);
    const results = await collect(fanIn.results('a'));
    expect(results[0]?.outcome).toMatchObject({
      status: 'cancelled',
      error: { message: 'no longer needed', code: 'Cancelled' },
    });
    expect(await fanIn.settle('a', [entry(0)])).toEqual({ entries: ['duplicate'], state: 'delivered' });
  });

  it('seals a stream where it stands, and leaves what is decided as it is', async () => {
    const { fanIn, completions } = watched();
    await fanIn.open('s');
    await fanIn.allocate('s', 3);
    expect(await fanIn.cancel('s', 'stop')).toBe('delivered');
    await expect(fanIn.allocate('s', 1)).rejects.toMatchObject({ code: 'FanInSealed' });
    expect(await fanIn.cancel('s', 'again')).toBe('delivered');
    expect(completions).toMatchObject([
      { completionReason: 'CANCELLED', counts: { expected: 3, cancelled: 3 } },
    ]);
    // All that was handed out is settled, but the publisher never said that this was all.
    for (const id of ['empty', 'settled']) await fanIn.open(id);
    await fanIn.allocate('settled', 2);
    await fanIn.settle('settled', entries(0, 2));
    for (const id of ['empty', 'settled']) expect(await fanIn.cancel(id, 'stop')).toBe('delivered');
    expect(completions.slice(1)).toMatchObject([
      { id: 'empty', completionReason: 'CANCELLED' },
      { id: 'settled', completionReason: 'CANCELLED' },
    ]);
    await expect(fanIn.cancel('never', 'stop')).rejects.toMatchObject({ code: 'FanInGone' });
    await expect(fanIn.cancel('s', '')).rejects.toThrow(/^reason: expected/);
  });
});

describe('the deadline', () => {
  it('changes nothing before it comes, and settles the missing as timed out when it has', async () => {
    let now = NOW;
    const { fanIn, completions } = watched({ now: () => now, storeResults: true });
    await fanIn.open('a', { total: 3, deadlineAt: NOW + 1_000 });
    await fanIn.settle('a', [entry(1)]);
    expect(await fanIn.expire('a')).toBe('open');
    now += 1_000;
    expect(await fanIn.expire('a')).toBe('delivered');
    expect(completions).toMatchObject([
      { completionReason: 'DEADLINE_EXCEEDED', counts: { succeeded: 1, timedOut: 2 } },
    ]);
    expect((await collect(fanIn.results('a')))[0]?.outcome).toMatchObject({
      status: 'timedOut',
      error: { code: 'DeadlineExceeded' },
    });
  });

  it('keeps a result that was stored before the deadline came', async () => {
    let now = NOW;
    const { fanIn, store, completions } = watched({ now: () => now, storeResults: true });
    await fanIn.open('a', { total: 2, deadlineAt: NOW + 1_000 });
    const { expiresAt = 0 } = (await store.readMeta('a', now)) ?? {};
    // A worker stored its result and died before it could count it.
    await store.keepRecord(
      'a',
      { kind: 'result', leaf: 0, offset: 0 },
      '{"status":"succeeded","value":7}',
      expiresAt,
      now,
    );
    now += 1_000;
    // The sweeper need not know that results are stored: the fan-in does.
    await createFanIn({ store, now: () => now, onComplete: (summary) => completions.push(summary) }).expire(
      'a',
    );
    expect(completions).toMatchObject([{ counts: { succeeded: 1, timedOut: 1 } }]);
    expect(await collect(fanIn.results('a'))).toMatchObject([
      { outcome: { value: 7 } },
      { outcome: { status: 'timedOut' } },
    ]);
  });
});

describe('sweep', () => {
  it('seals, settles and delivers a stream whose publisher and workers all died', async () => {
    let now = NOW;
    const { fanIn, completions } = watched({ now: () => now, leafSize: 2 });
    await fanIn.open('s', { maxItems: 100, deadlineAt: NOW + 60_000 });
    await fanIn.allocate('s', 5);
    await fanIn.settle('s', entries(0, 2));
    expect(await fanIn.sweep()).toEqual({ swept: 0, failed: [] });
    now += 60_000;
    expect(await createSweeper({ fanIn })()).toEqual({ swept: 1, failed: [] });
    expect(completions).toMatchObject([
      { completionReason: 'DEADLINE_EXCEEDED', counts: { expected: 5, succeeded: 2, timedOut: 3 } },
    ]);
    expect(await fanIn.sweep()).toEqual({ swept: 0, failed: [] });
  });

  it('delivers what was decided and not delivered, without a deadline too, and reports what fails', async () => {
    let now = NOW;
    const store = memoryFanInStore();
    let down = true;
    const { fanIn } = watched({
      store,
      now: () => now,
      onComplete: ({ id }) => {
        if (down && id === 'bad') throw new Error('queue is down');
      },
    });
    const silent = createFanIn({ store, now: () => now });
    for (const id of ['bad', 'good']) {
      await silent.open(id, { total: 1, deadlineAt: null });
      await silent.settle(id, [entry(0)]);
    }
    now += 30_000;
    const { swept, failed: broken } = await fanIn.sweep({ limit: 10 });
    expect([swept, broken]).toMatchObject([1, [{ id: 'bad', error: { code: 'DeliveryFailed' } }]]);
    expect(await fanIn.status('good')).toMatchObject({ state: 'delivered' });
    // Put off, so that it does not keep others waiting; then tried again.
    expect(await fanIn.sweep()).toEqual({ swept: 0, failed: [] });
    down = false;
    now += 30_000;
    expect(await fanIn.sweep()).toEqual({ swept: 1, failed: [] });
    expect(await fanIn.status('bad')).toMatchObject({ state: 'delivered' });
  });

  it('finishes an opening, a seal and a full leaf that somebody died over', async () => {
    let now = NOW;
    const store = memoryFanInStore();
    const { fanIn, completions } = watched({ store, now: () => now, leafSize: 2 });
    const dieAfter = (calls: number, method?: string) => {
      let left = calls;
      const dying = faultyStore(store, (name) =>
        (method === undefined || method === name) && left-- <= 0 ? 'failed' : 'ok',
      );
      return createFanIn({ store: dying, now: () => now, leafSize: 2, onComplete: () => expect.fail() });
    };
    await expect(dieAfter(1, 'createNode').open('opening', { total: 4, deadlineAt: null })).rejects.toThrow();
    await fanIn.open('full', { total: 9, deadlineAt: null });
    await expect(dieAfter(1).settle('full', entries(0, 9))).rejects.toThrow();
    await fanIn.open('sealed', { deadlineAt: null });
    await fanIn.allocate('sealed', 3);
    await fanIn.settle('sealed', entries(0, 3));
    await expect(dieAfter(0, 'sealLeaf').seal('sealed', 3)).rejects.toThrow();

    now += 3_600_000;
    expect(await fanIn.sweep()).toEqual({ swept: 3, failed: [] });
    expect(await fanIn.status('opening')).toMatchObject({ state: 'open', counts: { expected: 4 } });
    await fanIn.settle('opening', entries(0, 4));
    await fanIn.settle('full', entries(0, 9));
    expect(completions.map(({ id }) => id).sort()).toEqual(['full', 'opening', 'sealed']);
  });

  it('ends the job also when the sweeper itself dies at any of its calls', async () => {
    let survived = false;
    let target = 0;
    for (; !survived; target += 1) {
      let now = NOW;
      const store = memoryFanInStore();
      const publisher = createFanIn({ store, now: () => now, leafSize: 2 });
      await publisher.open('s', { deadlineAt: NOW + 1_000 });
      await publisher.allocate('s', 5);
      await publisher.settle('s', entries(0, 2));
      now += 1_000;
      let calls = 0;
      const dying = faultyStore(store, () => (calls++ >= target ? 'failed' : 'ok'));
      const first = watched({ store: dying, now: () => now, leafSize: 2 });
      survived = (await first.fanIn.sweep().catch(() => ({ swept: 0 }))).swept === 1;
      now += 3_600_000;
      const second = watched({ store, now: () => now, leafSize: 2 });
      await second.fanIn.sweep();
      const completions = [...first.completions, ...second.completions];
      expect(new Set(completions.map(({ deliveryId }) => deliveryId)).size).toBe(1);
      expect(completions.at(-1)).toMatchObject({
        completionReason: 'DEADLINE_EXCEEDED',
        counts: { succeeded: 2, timedOut: 3 },
      });
      expect(await second.fanIn.status('s')).toMatchObject({ state: 'delivered' });
    }
    expect(target).toBeGreaterThan(15);
  });

  it('carries up a full branch that nobody told its parent of', async () => {
    let now = NOW;
    const store = memoryFanInStore();
    const { fanIn, completions } = watched({ store, now: () => now, leafSize: 2 });
    await fanIn.open('a', { total: 7, deadlineAt: null });
    // Dies each time it comes to write the root: every branch is full, the root knows of none.
    const dying = faultyStore(store, (method) => (method === 'changeMeta' ? 'failed' : 'ok'));
    const worker = createFanIn({ store: dying, now: () => now, leafSize: 2 });
    for (let index = 0; index < 7; index += 1)
      await worker.settle('a', [entry(index)]).catch(() => undefined);
    expect(await fanIn.status('a')).toMatchObject({ state: 'open', counts: { succeeded: 7, notStarted: 0 } });
    now += 3_600_000;
    expect(await fanIn.sweep()).toEqual({ swept: 1, failed: [] });
    expect(completions).toMatchObject([{ counts: { expected: 7, succeeded: 7 } }]);
  });

  it('refuses a bad limit', async () => {
    const { fanIn } = watched();
    await expect(fanIn.sweep({ limit: 0 })).rejects.toThrow(/^limit: expected/);
    expect(() => createSweeper({ fanIn, limit: 1.5 })).toThrow(/^limit: expected/);
    expect(() => createSweeper({ fanIn: {} as never })).toThrow(/^fanIn\.sweep: expected/);
  });
});
