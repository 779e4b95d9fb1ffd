import { memoryBudgetStore, memorySemaphoreStore } from 'fanfold';
import { describe, expect, it } from 'vitest';
import { brokenInvariants } from '../../../../examples/trading/simulate/brokenInvariants.js';
import { type SimulatedRun, simulateRun } from '../../../../examples/trading/simulate/simulateRun.js';

const seeds = Array.from({ length: 6 }, (_, at) => at + 1);

describe('a simulated run of trades', () => {
  it('keeps its promises under lost calls, copies and rejections', async () => {
    const runs: SimulatedRun[] = [];
    for (const seed of seeds) runs.push(await simulateRun(seed));
    expect(runs.flatMap(brokenInvariants)).toEqual([]);
    expect(runs.some(({ lostCalls }) => lostCalls > 0)).toBe(true);
    expect(runs.some(({ buysBlocked }) => buysBlocked)).toBe(true);
    expect(runs.some(({ peakInFlight }) => peakInFlight === 10)).toBe(true);
  });

  it('is the same again by its seed', async () => {
    expect(await simulateRun(3)).toEqual(await simulateRun(3));
  });

  it('shows a cap that does not look at its limit', async () => {
    const store = memoryBudgetStore();
    const budgets: typeof store = {
      ...store,
      count: (name, operation, now) =>
        store.count(name, { ...operation, atMost: Number.MAX_SAFE_INTEGER }, now),
    };
    const broken: string[] = [];
    for (const seed of seeds) broken.push(...brokenInvariants(await simulateRun(seed, { budgets })));
    expect(broken.join()).toMatch(/bought \d+ of at most/);
  });

  it('shows a semaphore that lets everybody in', async () => {
    const store = memorySemaphoreStore();
    const semaphores: typeof store = {
      ...store,
      read: async () => new Map(),
      change: (name, change, now) =>
        store.change(name, change.type === 'acquired' ? { ...change, mostHolders: 999 } : change, now),
    };
    const broken: string[] = [];
    for (const seed of seeds) broken.push(...brokenInvariants(await simulateRun(seed, { semaphores })));
    expect(broken.join()).toMatch(/1\d in flight/);
  });
});

describe('the promises of a simulated run', () => {
  const kept: SimulatedRun = {
    ...{ seed: 1, placed: 20, repeated: 1, askedAgain: 2, rejectedBuys: 0, peakInFlight: 10, earlyBuys: 0 },
    ...{ boughtCents: 950, saidBoughtCents: 950, reservedCents: 950, equityLimitCents: 1_000 },
    ...{ largestBuyCents: 60, wantedCents: 2_000, buysBlocked: false, saidWhy: false },
    ...{ failedSellsAreOver: false, deadLettered: 0, lostCalls: 9, put: 2, effects: 1 },
  };

  it('are held by a run that went well', () => {
    expect(brokenInvariants(kept)).toEqual([]);
  });

  it.each<[RegExp, Partial<SimulatedRun>]>([
    [/bought 1001 of at most 1000/, { boughtCents: 1_001, saidBoughtCents: 1_001, reservedCents: 1_001 }],
    [/reserved 900/, { reservedCents: 900 }],
    [/the event says 951/, { saidBoughtCents: 951 }],
    [/the event says 940 of 950/, { saidBoughtCents: 940 }],
    [/would have fitted/, { boughtCents: 940, saidBoughtCents: 940 }],
    [/11 in flight/, { peakInFlight: 11 }],
    [/1 BUYs before/, { earlyBuys: 1 }],
    [/if, and only if/, { failedSellsAreOver: true }],
    [/says why/, { saidWhy: true }],
    [/blocked BUYs/, { buysBlocked: true, saidWhy: true, failedSellsAreOver: true }],
    [/2 effects/, { effects: 2 }],
    [/0 put/, { put: 0 }],
  ])('name %s when it is broken', (message, change) => {
    expect(brokenInvariants({ ...kept, ...change }).join()).toMatch(message);
  });
});
