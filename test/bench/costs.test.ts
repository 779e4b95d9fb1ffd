import { describe, expect, it } from 'vitest';
import {
  distributedMapDollars,
  inlineMapDollars,
  plainCounterDollars,
  queueJobDollars,
} from '../../bench/core/costs.js';

const MILLION = 1_000_000;

describe('the costs of a job of a million items, by the formulas of docs/costs.md', () => {
  it('over SQS are 300,000 requests, 100,000 invocations, and what the fan-in writes and reads', () => {
    const items = MILLION;
    expect(queueJobDollars(items, { writeUnits: 0, readUnits: 0 })).toBeCloseTo(0.12 + 0.02, 6);
    expect(queueJobDollars(items, { writeUnits: 110_000, readUnits: 8_000 })).toBeCloseTo(
      0.14 + 0.06875 + 0.001,
      6,
    );
  });

  it('with a plain counter are a write unit for each item on top', () => {
    expect(plainCounterDollars(MILLION)).toBeCloseTo(0.14 + 0.625, 6);
  });

  it('with an inline Map are one transition for each item', () => {
    expect(inlineMapDollars(MILLION)).toBeCloseTo(25 + 0.2, 3);
  });

  it('with a Distributed Map are two transitions for each child', () => {
    expect(distributedMapDollars(MILLION, 1)).toBeCloseTo(50 + 0.2, 3);
    expect(distributedMapDollars(MILLION, 10)).toBeCloseTo(5 + 0.02, 3);
  });
});
