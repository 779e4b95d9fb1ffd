import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { NonRetryableError } from '../../src/errors.js';
import { createRetries, nextDelayMs, retry } from '../../src/fanout/index.js';

const error = (name: string, code?: string, retryable = true) => ({
  name,
  message: '',
  ...(code ? { code } : {}),
  retryable,
});
const named = (name: string) => Object.assign(new Error(name), { name });

describe('retry', () => {
  it('throws what came last when the policy gives up', async () => {
    const work = vi.fn((attempt: number) => {
      throw new Error(`attempt ${attempt}`);
    });
    await expect(retry(work, { intervalSeconds: 0, maxAttempts: 2 })).rejects.toThrow('attempt 3');
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('throws at once what is not retryable, whatever a policy names', async () => {
    const work = vi.fn(() => {
      throw new NonRetryableError('no', { code: 'Gone' });
    });
    await expect(retry(work, { errorEquals: ['Gone', 'States.ALL'] })).rejects.toMatchObject({
      code: 'Gone',
    });
    expect(work).toHaveBeenCalledOnce();
  });

  it('throws null when null was thrown last', async () => {
    await expect(retry(() => Promise.reject(null), { maxAttempts: 0 })).rejects.toBeNull();
  });

  it('begins no further attempt after an abort, and ends the waiting for it', async () => {
    const controller = new AbortController();
    const work = vi.fn(() => {
      queueMicrotask(() => controller.abort());
      throw new Error('no');
    });
    await expect(retry(work, { intervalSeconds: 3_600 }, { signal: controller.signal })).rejects.toThrow(
      'no',
    );
    expect(work).toHaveBeenCalledOnce();
  });

  it('waits as the policy says, with the given sleep and randomness', async () => {
    const waits: number[] = [];
    const value = await retry(
      (attempt) => {
        if (attempt < 4) throw new Error('again');
        return attempt;
      },
      { intervalSeconds: 0.5, backoffRate: 3, maxDelaySeconds: 2, jitterStrategy: 'FULL' },
      { random: () => 0.5, sleep: async (ms) => void waits.push(ms) },
    );
    expect(value).toBe(4);
    expect(waits).toEqual([250, 750, 1_000]);
  });

  it.each([
    ['policies', 5],
    ['policies[1]', [{}, null]],
    ['policies.errorEquals', { errorEquals: [] }],
    ['policies.errorEquals', { errorEquals: [''] }],
    ['policies.intervalSeconds', { intervalSeconds: -1 }],
    ['policies.intervalSeconds', { intervalSeconds: Number.NaN }],
    ['policies.backoffRate', { backoffRate: 0 }],
    ['policies[0].maxAttempts', [{ maxAttempts: 1.5 }]],
    ['policies.maxDelaySeconds', { maxDelaySeconds: -1 }],
    ['policies.jitterStrategy', { jitterStrategy: 'HALF' }],
  ])('refuses a bad %s', async (field, policies) => {
    await expect(retry(() => 1, policies as never)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining(`${field}:`),
    });
  });
});

describe('createRetries', () => {
  it('uses the first policy that matches by name or code, and lets each count for itself', () => {
    const delayAfter = createRetries([
      { errorEquals: ['Throttled', '429'], intervalSeconds: 1, maxAttempts: 2 },
      { errorEquals: ['States.Timeout'], intervalSeconds: 5, maxAttempts: 1 },
      { errorEquals: ['States.ALL'], intervalSeconds: 10, maxAttempts: 1 },
    ]);
    expect(delayAfter(error('Throttled'))).toBe(1_000);
    expect(delayAfter(error('Other'))).toBe(10_000);
    expect(delayAfter(error('Error', '429'))).toBe(2_000);
    expect(delayAfter(error('FanfoldError', 'TimedOut'))).toBe(5_000);
    expect(delayAfter(error('Throttled'))).toBeUndefined();
    expect(delayAfter(error('Other'))).toBeUndefined();
  });

  it('gives up on what no policy matches', () => {
    expect(createRetries({ errorEquals: ['A'] })(error('B'))).toBeUndefined();
    expect(createRetries([])(error('B'))).toBeUndefined();
  });

  it('takes every retryable error without errorEquals', () => {
    const delayAfter = createRetries({});
    expect(delayAfter(error('Any'))).toBe(1_000);
    expect(delayAfter(error('Any', undefined, false))).toBeUndefined();
    expect(delayAfter({ ...error(named('X').name) })).toBe(2_000);
  });
});

describe('nextDelayMs', () => {
  it('never leaves its bounds, and ends after maxAttempts', () => {
    const policy = fc.record({
      intervalSeconds: fc.double({ min: 0, max: 100, noNaN: true }),
      backoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
      maxAttempts: fc.nat(2_000),
      maxDelaySeconds: fc.double({ min: 0, max: 100, noNaN: true }),
      jitterStrategy: fc.constantFrom('FULL' as const, 'NONE' as const),
    });
    fc.assert(
      fc.property(
        policy,
        fc.nat(2_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, retries, draw) => {
          const ms = nextDelayMs(given, retries, () => draw);
          if (retries >= given.maxAttempts) return ms === undefined;
          return ms !== undefined && ms >= 0 && ms <= given.maxDelaySeconds * 1_000;
        },
      ),
    );
  });
});
