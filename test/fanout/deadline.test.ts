import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atDeadline, msLeft } from '../../src/fanout/deadline.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('atDeadline', () => {
  it('obeys a clock that is slower than its timer', async () => {
    let left = 1_000;
    const stop = vi.fn();
    atDeadline({ remainingMs: () => left, marginMs: 400 }, stop);
    await vi.advanceTimersByTimeAsync(600);
    expect(stop).not.toHaveBeenCalled();
    left = 400;
    await vi.advanceTimersByTimeAsync(600);
    expect(stop).toHaveBeenCalledOnce();
  });

  it('waits for longer than a timer can', async () => {
    const end = Date.now() + 2 ** 31 + 10;
    const stop = vi.fn();
    atDeadline({ remainingMs: () => end - Date.now(), marginMs: 0 }, stop);
    await vi.advanceTimersByTimeAsync(2 ** 31);
    expect(stop).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10);
    expect(stop).toHaveBeenCalledOnce();
  });

  it('can be called off', async () => {
    const stop = vi.fn();
    atDeadline({ remainingMs: () => 5, marginMs: 0 }, stop)();
    await vi.advanceTimersByTimeAsync(50);
    expect(stop).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('msLeft', () => {
  it('is zero for a clock that throws or gives no number', () => {
    const broken = (): never => {
      throw new Error('no clock');
    };
    expect(msLeft({ remainingMs: broken, marginMs: 5 })).toBe(0);
    expect(msLeft({ remainingMs: () => Number.NaN, marginMs: 5 })).toBe(0);
    expect(msLeft({ remainingMs: () => 8, marginMs: 5 })).toBe(3);
  });
});
