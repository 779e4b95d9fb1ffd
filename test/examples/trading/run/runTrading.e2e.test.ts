import { describe, expect, it } from 'vitest';
import type { Flags } from '../../../../examples/trading/flags.js';
import { runTrading } from '../../../../examples/trading/run/runTrading.js';
import { summary } from '../../../../examples/trading/run/summary.js';

const flags: Flags = {
  ...{ part: 'all', strategies: 4, stepFunctions: false, shadow: false, plant: false },
  ...{ trades: 20, fifo: false, requests: 30, seed: 1, json: true },
};

describe('a run of trading', () => {
  it('keeps its promises for sessions by both paths', async () => {
    const result = await runTrading({ ...flags, part: 'strategies' }, 'true');
    expect(result.broken).toEqual([]);
    expect(result.strategies?.chosen).toEqual({
      ...{ useStepFunctions: 'true', path: 'step-functions', executions: 1 },
    });
    expect(result.strategies?.sessions).toHaveLength(15);
  }, 90_000);

  it('finds a planted difference, and none without', async () => {
    const planted = await runTrading({ ...flags, shadow: true, plant: true }, undefined);
    expect(planted.broken).toEqual([]);
    expect(planted.shadow?.differences.map(({ path }) => path)).toEqual([
      expect.stringMatching(/^value\.detail\.consolidated_portfolio\.target_cents\./),
      'value.detail.consolidated_portfolio.cash_cents',
    ]);
    const equal = await runTrading({ ...flags, shadow: true }, undefined);
    expect(equal.broken).toEqual([]);
    expect(equal.shadow).toMatchObject({ equal: true, differences: [], eventsPut: 1 });
  }, 90_000);

  it.each([false, true])(
    'keeps its promises for trades, on a FIFO queue: %s',
    async (fifo) => {
      const result = await runTrading({ ...flags, part: 'trades', fifo }, undefined);
      expect(result.broken).toEqual([]);
      expect(result.trades?.runs.map(({ run, buysBlocked }) => [run, buysBlocked])).toEqual([
        ['filled', false],
        ['released', false],
        ['blocked', true],
      ]);
    },
    90_000,
  );

  it('fetches once, and tells people so', async () => {
    const result = await runTrading({ ...flags, part: 'fetch' }, undefined);
    expect(result.broken).toEqual([]);
    expect(summary(result)).toBe('data: 30 identical requests, 1 fetch\nevery promise held\n');
  }, 60_000);
});
