import { describe, expect, it, vi } from 'vitest';
import { createFanIn, memoryFanInStore, type OnProgress } from '../../src/aggregation/index.js';
import { entries, entry, watched } from './fanInOutcomes.js';
import { faultyStore } from './faultyStore.js';

describe('onProgress', () => {
  it('is refused where it is no function, and so is an interval that is no number', () => {
    const store = memoryFanInStore();
    expect(() => createFanIn({ store, onProgress: 1 as never })).toThrow(/^onProgress: expected/);
    expect(() => createFanIn({ store, progressIntervalMs: -1 })).toThrow(/^progressIntervalMs: expected/);
  });

  it.each([
    [
      'throws',
      () =>
        vi.fn<OnProgress>(() => {
          throw new Error('no');
        }),
    ],
    ['rejects', () => vi.fn<OnProgress>().mockRejectedValue(null)],
  ])('never fails a settle when it %s', async (_how, make) => {
    const onProgress = make();
    const { fanIn } = watched({ onProgress, progressIntervalMs: 0 });
    await fanIn.open('a', { total: 3 });
    expect(await fanIn.settle('a', [entry(0)])).toEqual({ entries: ['recorded'], state: 'open' });
    expect(onProgress).toHaveBeenCalledTimes(1);
  });

  it('never holds up a settle for ever when it hangs', async () => {
    const abort = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(abort.signal);
    try {
      const onProgress = vi.fn<OnProgress>(() => new Promise(() => undefined));
      const { fanIn } = watched({ onProgress });
      await fanIn.open('a', { total: 3 });
      const settling = fanIn.settle('a', [entry(0)]);
      await vi.waitFor(() => expect(onProgress).toHaveBeenCalled());
      expect(timeout).toHaveBeenCalledWith(5_000);
      abort.abort(new Error('too long'));
      expect(await settling).toMatchObject({ entries: ['recorded'] });
    } finally {
      timeout.mockRestore();
    }
  });

  it('never fails a settle when the details cannot be read, and reads them only when it is due', async () => {
    let now = 1_000_000;
    let reads = 0;
    const store = faultyStore(memoryFanInStore(), (method) => {
      if (method !== 'readDetails') return 'ok';
      reads += 1;
      return reads > 1 ? 'failed' : 'ok';
    });
    const onProgress = vi.fn<OnProgress>();
    const { fanIn } = watched({ store, onProgress, now: () => now });
    await fanIn.open('a', { total: 100 });
    reads = 0;
    for (const one of entries(0, 20)) await fanIn.settle('a', [one]);
    expect([reads, onProgress.mock.calls.length]).toEqual([1, 1]);
    now += 30_000;
    expect(await fanIn.settle('a', [entry(20)])).toMatchObject({ entries: ['recorded'] });
    expect([reads, onProgress.mock.calls.length]).toEqual([2, 1]);
  });

  it('is told once in an interval for each fan-in, of the token, while something is recorded', async () => {
    let now = 1_000_000;
    const told: unknown[] = [];
    const onProgress: OnProgress = (progress, { taskToken, signal }) => {
      told.push([progress, taskToken, signal.aborted]);
    };
    const { fanIn } = watched({ onProgress, progressIntervalMs: 1_000, now: () => now });
    await fanIn.open('a', { total: 4, taskToken: 'token' });
    await fanIn.open('b', { total: 4 });
    await Promise.all([fanIn.settle('a', [entry(0)]), fanIn.settle('a', [entry(1)])]);
    await fanIn.settle('b', [entry(0)]);
    now += 999;
    await fanIn.settle('a', [entry(2)]);
    now += 1;
    await fanIn.settle('a', [entry(2)]);
    await fanIn.open('b', { total: 4, taskToken: 'late' });
    await fanIn.settle('b', [entry(1)]);
    await fanIn.settle('a', [entry(3)]);
    expect(told).toEqual([
      [{ id: 'a' }, 'token', false],
      [{ id: 'b' }, undefined, false],
      [{ id: 'b' }, 'late', false],
    ]);
  });

  it('remembers no more fan-ins than a thousand', async () => {
    const onProgress = vi.fn<OnProgress>();
    const { fanIn } = watched({ onProgress });
    for (let i = 0; i <= 1_000; i += 1) {
      await fanIn.open(`f${i}`, { total: 3 });
      await fanIn.settle(`f${i}`, [entry(0)]);
    }
    onProgress.mockClear();
    await fanIn.settle('f1000', [entry(1)]);
    expect(onProgress).not.toHaveBeenCalled();
    await fanIn.settle('f0', [entry(1)]);
    expect(onProgress).toHaveBeenCalledTimes(1);
  });
});
