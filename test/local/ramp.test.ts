import { describe, expect, it } from 'vitest';
import { concurrencyAt } from '../../src/local/ramp.js';

describe('concurrencyAt', () => {
  it('starts with five', () => {
    expect(concurrencyAt(0)).toBe(5);
    expect(concurrencyAt(-1)).toBe(5);
  });

  it('adds five a second, which is 300 a minute', () => {
    expect(concurrencyAt(199)).toBe(5);
    expect(concurrencyAt(200)).toBe(6);
    expect(concurrencyAt(1_000)).toBe(10);
    expect(concurrencyAt(60_000)).toBe(305);
  });

  it('ends at 1,250', () => {
    expect(concurrencyAt(249_000)).toBe(1_250);
    expect(concurrencyAt(Number.MAX_SAFE_INTEGER)).toBe(1_250);
  });
});
