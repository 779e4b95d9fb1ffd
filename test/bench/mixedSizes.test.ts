import { describe, expect, it } from 'vitest';
import { callsInOrder, fewestCalls, mixedSizes } from '../../bench/core/mixedSizes.js';

const MB = 1_048_576;

describe('the bin-packing bound', () => {
  it('is what ten entries and a megabyte allow, whichever is less', () => {
    expect(fewestCalls(Array.from({ length: 25 }, () => 10))).toBe(3);
    expect(fewestCalls([MB, MB / 2, MB / 2])).toBe(2);
    expect(fewestCalls([])).toBe(0);
  });

  it('is never more than what sending in order takes', () => {
    const sizes = mixedSizes(500);
    expect(callsInOrder(sizes)).toBeGreaterThanOrEqual(fewestCalls(sizes));
    expect(callsInOrder([600_000, 600_000, 400_000])).toBe(2);
  });

  it('is taken over sizes from 1 KB to 1 MB, the same ones every time', () => {
    const sizes = mixedSizes(2_000);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1_024);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MB);
    expect(mixedSizes(2_000)).toEqual(sizes);
  });
});
