import { describe, expect, it } from 'vitest';
import { brokenPromises, type Evidence } from '../../../../examples/books/run/brokenPromises.js';
import { costUsd } from '../../../../examples/books/run/cost.js';

const good: Evidence = {
  ...{ id: 'job', rows: 3, expected: 3, succeeded: 2, failed: 1, timedOut: 0, cancelled: 0, notStarted: 0 },
  ...{
    completions: 1,
    elapsedMs: 1,
    idealMs: 1,
    peakInFlight: 1,
    deliveries: 3,
    duplicates: 0,
    deadLettered: 0,
  },
  ...{
    writeUnits: 3,
    settleWriteUnits: 3,
    resultWriteUnits: 0,
    writeUnitsPerItem: 1,
    sqsCalls: 1,
    costUsd: 0,
  },
  ...{ peakRssMb: 1, leftInQueues: 0, faults: {}, faultsAskedFor: [] },
  failures: [{ index: 1, title: 'a', reason: 'b' }],
  dashboard: { books: 3, averageRating: 4, decades: { '1990s': 2, unknown: 1 }, genres: { poetry: 3 } },
};

describe('brokenPromises', () => {
  it.each<[string, Partial<Evidence>, RegExp]>([
    [
      'a row that became no item',
      { rows: 4, dashboard: { ...good.dashboard, books: 4 } },
      /every row is an item: 4 rows, 3 items/,
    ],
    ['counts that do not add up', { succeeded: 1 }, /the counts add up: 2 accounted for, 3 expected/],
    ['an early completion', { succeeded: 1, notStarted: 1 }, /completion is not early: 1/],
    ['a second completion', { completions: 2 }, /exactly one completion: 2/],
    ['no completion', { completions: 0 }, /exactly one completion: 0/],
    [
      'a row that is missing in the dashboard',
      { dashboard: { ...good.dashboard, books: 2 } },
      /in the dashboard/,
    ],
    ['a message that is left', { leftInQueues: 1 }, /nothing is left in a queue: 1/],
    ['chaos that did not happen', { faultsAskedFor: ['throttle'] }, /throttle did not/],
  ])('tells %s', (_, change, message) => {
    expect(brokenPromises({ ...good, ...change }).join('\n')).toMatch(message);
  });

  it('has nothing to say of a run that kept them all', () => {
    expect(brokenPromises(good)).toEqual([]);
  });
});

describe('costUsd', () => {
  it('adds up the list prices', () => {
    const nothing = { sqsCalls: 0, writeUnits: 0, readUnits: 0, invocations: 0, invocationMs: 0 };
    expect(costUsd(nothing)).toBe(0);
    expect(costUsd({ ...nothing, sqsCalls: 1e6, writeUnits: 1e6, readUnits: 1e6, invocations: 1e6 })).toBe(
      1.35,
    );
    expect(costUsd({ ...nothing, invocationMs: 4_000_000 })).toBe(0.016667);
  });
});
