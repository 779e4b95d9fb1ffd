import { describe, expect, it } from 'vitest';
import { FanfoldError, isFanfoldError, NonRetryableError } from '../src/errors.js';

describe('FanfoldError', () => {
  it('carries a code, a cause, and whether trying again can help', () => {
    const cause = new Error('down');
    const error = new FanfoldError('DeliveryFailed', 'not delivered', { cause, retryable: true });
    expect(error).toMatchObject({
      name: 'FanfoldError',
      code: 'DeliveryFailed',
      message: 'not delivered',
      cause,
      retryable: true,
    });
    expect(new FanfoldError('InvalidArgument', 'bad').retryable).toBe(false);
    expect(new FanfoldError('InvalidArgument', 'bad')).not.toHaveProperty('cause');
  });
});

describe('isFanfoldError', () => {
  it('knows an error of another copy of the library, which instanceof does not', () => {
    const copy = Object.assign(new Error('x'), { code: 'FanInGone', [Symbol.for('fanfold.error')]: true });
    expect(copy instanceof FanfoldError).toBe(false);
    expect(isFanfoldError(copy)).toBe(true);
    expect(isFanfoldError(copy, 'FanInGone')).toBe(true);
    expect(isFanfoldError(copy, 'JobLeaseLost')).toBe(false);
  });

  it.each([undefined, null, 'text', 1, {}, new Error('x'), { code: 'FanInGone' }])('denies %j', (value) => {
    expect(isFanfoldError(value)).toBe(false);
  });
});

describe('NonRetryableError', () => {
  it('is never retryable, and can carry a code of its own', () => {
    expect(new NonRetryableError('gone')).toMatchObject({
      name: 'NonRetryableError',
      code: 'NonRetryable',
      retryable: false,
    });
    expect(new NonRetryableError('gone', { code: 'NoSuchBook' }).code).toBe('NoSuchBook');
    expect(isFanfoldError(new NonRetryableError('gone'))).toBe(true);
  });
});
