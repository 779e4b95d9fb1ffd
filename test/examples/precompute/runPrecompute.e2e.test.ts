import { describe, expect, it } from 'vitest';
import { runPrecompute } from '../../../examples/precompute/run/runPrecompute.js';

describe('a run of precompute', () => {
  it('gives the same answers both ways, 43 good ones beside 3 failures with reasons', async () => {
    const result = await runPrecompute({ items: 46, fail: 3, latencyMs: 20, via: 'both', json: true });
    // How soon the execution ends is the run's own promise, and this machine's.
    expect(result.broken.filter((promise) => !promise.includes('within a second'))).toEqual([]);
    expect(result).toMatchObject({ tickers: 46, succeeded: 43, failed: 3, resetFinishedJobs: 0 });
    const { map, sqs } = result.ways;
    expect(map?.failures).toEqual(
      ['QCOM', 'TSLA', 'WMT'].map((ticker) => ({
        ticker,
        error: `${ticker}: the quotes API answered 401`,
      })),
    );
    expect(sqs?.failures).toEqual(map?.failures);
    expect([map?.verdict, sqs?.verdict]).toEqual(['some failed', 'some failed']);
    expect(sqs).toMatchObject({ taskTokens: 1, completions: 1, historyEvents: 12 });
    expect(map?.historyEvents).toBeGreaterThan(46 * 7);
    expect(result.connectionErrors).toMatchObject({ withoutSemaphore: 16, withSemaphore: 0 });
    expect(result.api).toMatchObject({ mostRequestsThrottled: 3, mostRequestsRefused: 1 });
    expect(result.replayed).toBe(86);
  });

  it('runs a single ticker that fails', async () => {
    const result = await runPrecompute({ items: 1, fail: 1, latencyMs: 0, via: 'both', json: true });
    expect(result).toMatchObject({ succeeded: 0, failed: 1, replayed: 0, incompleteJobs: 0 });
    expect(result.ways.map?.verdict).toBe('some failed');
  });
});
