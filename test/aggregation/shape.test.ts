import { describe, expect, it } from 'vitest';
import {
  type ItemOutcome,
  type Outcome,
  PartialFailureError,
  throwIfFailed,
  toBatchItemFailures,
  toResponse,
} from '../../src/aggregation/index.js';

const error = { name: 'Error', message: 'broken', retryable: true };
const succeeded = <T>(value: T): Outcome<T> => ({ status: 'succeeded', value });
const failed: Outcome<never> = { status: 'failed', error };

describe('toBatchItemFailures', () => {
  it('reports each message that did not succeed, once', () => {
    const outcomes = [
      { ...succeeded(1), messageId: 'a' },
      { ...failed, messageId: 'b' },
      { status: 'timedOut', error, messageId: 'c' } as const,
      { ...failed, messageId: 'b' },
    ];
    expect(toBatchItemFailures(outcomes)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }],
    });
  });

  it('answers an empty list for success and for nothing', () => {
    expect(toBatchItemFailures([{ ...succeeded(undefined), messageId: 'a' }])).toEqual({
      batchItemFailures: [],
    });
    expect(toBatchItemFailures([])).toEqual({ batchItemFailures: [] });
  });

  it('throws, so that the whole batch returns, where a failure has no message id', () => {
    expect(() => toBatchItemFailures([{ ...failed, messageId: '' }])).toThrow(
      expect.objectContaining({ code: 'MessageIdMissing', retryable: true }),
    );
    expect(toBatchItemFailures([{ ...succeeded(1), messageId: '' }])).toEqual({ batchItemFailures: [] });
  });
});

describe('toResponse', () => {
  const outcomes: ItemOutcome<string, number | undefined>[] = [
    { index: 0, input: 'x', attempts: 1, ...succeeded(7) },
    { index: 1, input: 'y', attempts: 2, ...failed },
    { index: 2, input: 'z', attempts: 1, ...succeeded(undefined) },
  ];

  it('keeps the successes, undefined ones too, and each failure with its input and reason', () => {
    expect(toResponse(outcomes, { key: 'sourceIdentifier' })).toEqual({
      successes: [7, undefined],
      failures: [{ sourceIdentifier: 'y', error }],
    });
  });

  it('takes any name as a key without touching a prototype', () => {
    const { failures } = toResponse(outcomes, { key: '__proto__' });
    expect(Object.keys(failures[0] ?? {})).toEqual(['__proto__', 'error']);
    expect(Object.getPrototypeOf(failures[0])).toBe(Object.prototype);
  });

  it.each(['', 'error'])('refuses %j as a key', (key) => {
    expect(() => toResponse(outcomes, { key })).toThrow(/^key: expected a name other than "error"/);
  });
});

describe('throwIfFailed', () => {
  const good = { expected: 2, succeeded: 2, failed: 0, timedOut: 0, cancelled: 0, notStarted: 0 };

  it('returns a result of successes as it is', () => {
    const result = { counts: good, outcomes: [] };
    expect(throwIfFailed(result)).toBe(result);
  });

  it.each(['failed', 'timedOut', 'cancelled', 'notStarted'] as const)(
    'throws the whole result for one %s',
    (bucket) => {
      const result = { counts: { ...good, succeeded: 1, [bucket]: 1 } };
      expect(() => throwIfFailed(result)).toThrow(
        expect.objectContaining({ code: 'PartialFailure', result, message: '1 of 2 items did not succeed' }),
      );
    },
  );

  it('understands what publishMessages answers', () => {
    expect(() => throwIfFailed({ counts: { expected: 3, published: 1, failed: 2 } })).toThrow(
      PartialFailureError,
    );
  });
});
