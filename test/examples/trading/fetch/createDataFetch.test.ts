import { createJobs, memoryJobStore } from 'fanfold';
import { describe, expect, it } from 'vitest';
import { createFetchFunction } from '../../../../examples/trading/deploy.js';
import { createDataFetch } from '../../../../examples/trading/fetch/createDataFetch.js';
import { fetchKey } from '../../../../examples/trading/fetch/fetchKey.js';

const request = { symbol: 'AAPL', dataset: 'bars', from: '2026-11-01', to: '2026-11-25' };

describe('data on demand', () => {
  it('is not fetched for a request that is not one', async () => {
    let fetches = 0;
    const fetch = createFetchFunction(
      { jobs: memoryJobStore() },
      {
        fetchData: async () => ({ fetched_at: 'now', rows: ++fetches }),
        windowMs: 1_000,
        now: () => 0,
      },
    );
    await expect(fetch({ ...request, dataset: '../secrets' })).rejects.toMatchObject({
      code: 'InvalidInput',
    });
    await expect(fetch({ ...request, from: 'yesterday' })).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(fetches).toBe(0);
  });

  it('is fetched again after a fetch that failed, and not for whoever waits meanwhile', async () => {
    let fetches = 0;
    const fetch = createFetchFunction(
      { jobs: memoryJobStore() },
      {
        fetchData: async () => {
          fetches += 1;
          if (fetches === 1) throw new Error('the API is away');
          return { fetched_at: 'now', rows: 1 };
        },
        windowMs: 1_000,
        now: () => 0,
      },
    );
    await expect(fetch(request)).rejects.toThrow('the API is away');
    expect(await Promise.all([fetch(request), fetch(request)])).toEqual([
      { fetched_at: 'now', rows: 1 },
      { fetched_at: 'now', rows: 1 },
    ]);
    expect(fetches).toBe(2);
  });

  it('gives up waiting for a fetch that never ends', async () => {
    const jobs = createJobs<never, never>({ store: memoryJobStore() });
    const fetch = createDataFetch({
      ...{ jobs: jobs as never, windowMs: 1_000, now: () => 0 },
      fetchData: () => new Promise<never>(() => {}),
      busyRetry: { intervalSeconds: 0.001, maxAttempts: 3 },
    });
    void fetch(request);
    await expect(fetch(request)).rejects.toMatchObject({ code: 'JobBusy', retryable: true });
  });
});

describe('the key of a fetch', () => {
  it('is the same for the same request, whatever the order of its fields', () => {
    const { symbol, ...others } = request;
    expect(fetchKey({ ...others, symbol }, 1_500, 1_000)).toBe(fetchKey(request, 1_999, 1_000));
  });

  it.each<[string, object, number]>([
    ['another symbol', { ...request, symbol: 'MSFT' }, 1_500],
    ['another window', request, 2_000],
    [
      'another field with the same text',
      { symbol: 'bars', dataset: 'AAPL', from: request.from, to: request.to },
      1_500,
    ],
  ])('is another for %s', (_what, other, at) => {
    expect(fetchKey(other, at, 1_000)).not.toBe(fetchKey(request, 1_500, 1_000));
  });
});
