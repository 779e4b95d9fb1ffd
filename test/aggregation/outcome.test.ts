import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toErrorInfo, toOutcomeCounts } from '../../src/aggregation/outcome.js';
import { NonRetryableError } from '../../src/errors.js';

describe('toErrorInfo', () => {
  it('keeps name, message, code and whether trying again could help', () => {
    const error = Object.assign(new TypeError('no such book'), { code: 'ENOENT' });
    expect(toErrorInfo(error)).toEqual({
      name: 'TypeError',
      message: 'no such book',
      code: 'ENOENT',
      retryable: true,
    });
    expect(toErrorInfo(new NonRetryableError('gone'))).toMatchObject({
      name: 'NonRetryableError',
      retryable: false,
    });
  });

  it('shapes anything that can be thrown, and never throws itself', () => {
    const hostile = [
      {
        get message() {
          throw new Error('no');
        },
      },
      Object.create(null),
      { toString: null, valueOf: null },
      Symbol('s'),
    ];
    for (const thrown of hostile)
      expect(toErrorInfo(thrown)).toMatchObject({ message: expect.any(String), retryable: true });
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
        const { name, message, retryable } = toErrorInfo(thrown);
        expect([typeof name, typeof message, typeof retryable]).toEqual(['string', 'string', 'boolean']);
        expect(name).not.toBe('');
        expect(message).not.toBe('');
      }),
    );
  });

  it('cuts a long message, so that a reason stays small', () => {
    expect(toErrorInfo(new Error('x'.repeat(100_000))).message).toHaveLength(1_001);
  });
});

describe('toOutcomeCounts', () => {
  it('counts the rest as not started, so that the buckets add up to what was expected', () => {
    const counts = toOutcomeCounts(10, { succeeded: 4, failed: 1, timedOut: 2, cancelled: 0 });
    expect(counts).toEqual({
      expected: 10,
      succeeded: 4,
      failed: 1,
      timedOut: 2,
      cancelled: 0,
      notStarted: 3,
    });
  });
});
