import { describe, expect, it, vi } from 'vitest';
import { createMigration, type MigrationMode, type ShadowReport } from '../../src/aggregation/index.js';

const double = async (n: number) => ({ total: n * 2 });

describe('createMigration', () => {
  it('names the option that is wrong', async () => {
    const paths = { current: double, next: double };
    expect(() => createMigration({ ...paths, next: 7 as never, mode: 'next' })).toThrow(/^next: expected/);
    expect(() => createMigration({ ...paths, mode: 'old' as never })).toThrow(/^mode: expected/);
    expect(() => createMigration({ ...paths, mode: 'next', shadowTimeoutMs: -1 })).toThrow(
      /^shadowTimeoutMs: expected/,
    );
    const compare = { tolerances: { total: -1 } };
    expect(() => createMigration({ ...paths, mode: 'next', compare })).toThrow(/^tolerances.total: expected/);
    await expect(createMigration({ ...paths, mode: () => 'x' as never })(1)).rejects.toThrow(
      /^mode: expected/,
    );
  });

  it('runs the path that the toggle chooses, asked for each input', async () => {
    const current = vi.fn(() => 'current');
    const next = vi.fn(() => 'next');
    const mode = (n: number): MigrationMode => (n > 10 ? 'next' : 'current');
    const run = createMigration({ current, next, mode });
    expect([await run(1), await run(11)]).toEqual(['current', 'next']);
    expect(current).toHaveBeenCalledTimes(1);
    expect(next).toHaveBeenCalledWith(11, expect.objectContaining({ isShadow: false }));
  });

  it('answers with the current path and reports where the shadow differs', async () => {
    const reports: ShadowReport<{ total: number }>[] = [];
    const shadows: boolean[] = [];
    const run = createMigration<number, { total: number }>({
      current: double,
      next: (n, { isShadow }) => {
        shadows.push(isShadow);
        return { total: n === 3 ? 7 : n * 2 + 0.001 };
      },
      mode: 'shadow',
      compare: { tolerances: { total: 0.01 } },
      onReport: (report) => reports.push(report),
    });
    expect(await run(2)).toEqual({ total: 4 });
    expect(await run(3)).toEqual({ total: 6 });
    expect(shadows).toEqual([true, true]);
    expect(reports.map(({ equal }) => equal)).toEqual([true, false]);
    expect(reports[1]?.differences).toMatchObject([{ path: 'value.total', a: 6, b: 7 }]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('does not mind that the shadow %s, nor that the report does', async (_, next) => {
    const onReport = vi.fn(() => {
      throw new Error('report');
    });
    const run = createMigration<number, { total: number }>({
      current: double,
      next,
      mode: 'shadow',
      onReport,
    });
    expect(await run(2)).toEqual({ total: 4 });
    expect(onReport).toHaveBeenCalledWith(
      expect.objectContaining({ equal: false, next: expect.objectContaining({ status: 'failed' }) }),
      2,
    );
  });

  it("throws the current path's error as it is, after the report", async () => {
    const error = new TypeError('old');
    const onReport = vi.fn();
    const current = () => Promise.reject(error);
    const run = createMigration<number, unknown>({ current, next: double, mode: 'shadow', onReport });
    await expect(run(1)).rejects.toBe(error);
    expect(onReport).toHaveBeenCalledTimes(1);
  });

  it('does not wait for a shadow that hangs, and tells it to stop', async () => {
    const reports: ShadowReport<unknown>[] = [];
    let signal = new AbortController().signal;
    const run = createMigration<number, unknown>({
      current: double,
      next: (_, context) => {
        signal = context.signal;
        return new Promise(() => {});
      },
      mode: 'shadow',
      shadowTimeoutMs: 1,
      onReport: (report) => reports.push(report),
    });
    expect(await run(2)).toEqual({ total: 4 });
    expect(signal.aborted).toBe(true);
    expect(reports[0]?.next).toMatchObject({ status: 'timedOut', error: { code: 'TimedOut' } });
  });
});
