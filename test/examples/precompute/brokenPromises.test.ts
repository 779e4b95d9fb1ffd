import { describe, expect, it } from 'vitest';
import type { Flags } from '../../../examples/precompute/flags.js';
import { brokenPromises, type Evidence } from '../../../examples/precompute/run/brokenPromises.js';
import type { WayResult } from '../../../examples/precompute/run/result.js';

const flags: Flags = { items: 46, fail: 0, latencyMs: 200, via: 'sqs', json: false };
const way: WayResult = {
  ...{ status: 'SUCCEEDED', succeeded: 46, failed: 0, failures: [], verdict: 'all succeeded' },
  ...{ elapsedMs: 900, settledToEndedMs: 40, historyEvents: 12, taskTokens: 1, completions: 1 },
};
const kept: Evidence = {
  ...{ tickers: 46, succeeded: 46, failed: 0, failures: [], ways: { sqs: way } },
  ...{ replayed: 46, resetFinishedJobs: 0, incompleteJobs: 0 },
  connectionErrors: {
    ...{ limit: 30, withoutSemaphore: 16, withSemaphore: 0, peakConnections: 30, peakWorkers: 5 },
  },
  api: { throttled: 6, refused: 0, mostRequestsThrottled: 3, mostRequestsRefused: 0 },
};
const withWay = (change: Partial<WayResult>): Evidence => ({ ...kept, ways: { sqs: { ...way, ...change } } });

describe('the promises of precompute', () => {
  it('are all held by a run that went well', () => {
    expect(brokenPromises(kept, flags)).toEqual([]);
  });

  it.each<[string, Evidence]>([
    ['the execution succeeds', withWay({ status: 'FAILED' })],
    ['46 tickers succeed', withWay({ succeeded: 45 })],
    ['0 tickers fail', withWay({ failed: 1 })],
    ['says which and why', withWay({ failures: [{ ticker: 'AMZN', error: '' }] })],
    ['output says', withWay({ verdict: 'some failed' })],
    ['within a second', withWay({ settledToEndedMs: 1_000 })],
    ['one task token', withWay({ taskTokens: 2 })],
    ['one completion', withWay({ completions: 0 })],
    ['events of history', withWay({ historyEvents: 20 })],
    ['resets no finished job', { ...kept, resetFinishedJobs: 1 }],
    ['record is whole', { ...kept, incompleteJobs: 43 }],
    ['refuses connections', { ...kept, connectionErrors: { ...kept.connectionErrors, withoutSemaphore: 0 } }],
    ['errors 1040', { ...kept, connectionErrors: { ...kept.connectionErrors, withSemaphore: 1 } }],
    ['429 is asked again', { ...kept, api: { ...kept.api, mostRequestsThrottled: 1 } }],
    ['401 is not asked again', { ...kept, api: { ...kept.api, mostRequestsRefused: 2 } }],
    ['25,000', { ...kept, refusedMap: { status: 'SUCCEEDED', historyEvents: 700, cause: '' } }],
  ])('name "%s" when it is broken', (name, evidence) => {
    expect(brokenPromises(evidence, flags)).toEqual([expect.stringContaining(name)]);
  });
});
