import { describe, expect, it } from 'vitest';
import {
  distributedMapSeconds,
  inlineMapSeconds,
  plainCounterSeconds,
  queueSeconds,
} from '../../bench/core/times.js';

describe('the time of a job of items of one second each, by the formulas of docs/costs.md', () => {
  it('over SQS is that of the ramp, until 1,250 calls run at once', () => {
    expect(queueSeconds(10)).toBe(1);
    // 5 calls at once, and 5 more each second: 5 t + 2.5 t² = 100,000
    expect(queueSeconds(1_000_000)).toBeCloseTo(199.0, 1);
    // Full after 249 s and 156,247.5 calls; the rest by 1,250 a second.
    expect(queueSeconds(10_000_000)).toBeCloseTo(249 + (1_000_000 - 156_247.5) / 1_250, 6);
  });

  it('with a plain counter is never less than a thousandth of a second an item', () => {
    expect(plainCounterSeconds(1_000)).toBe(queueSeconds(1_000));
    expect(plainCounterSeconds(10_000_000)).toBe(10_000);
  });

  it('with an inline Map is 40 items at once', () => {
    expect(inlineMapSeconds(1_000)).toBe(25);
  });

  it('with a Distributed Map is 1,250 children at once', () => {
    expect(distributedMapSeconds(1_000, 1)).toBe(1);
    expect(distributedMapSeconds(10_000_000, 10)).toBe(800);
  });
});
