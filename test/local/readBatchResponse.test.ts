import { describe, expect, it } from 'vitest';
import { readBatchResponse } from '../../src/local/readBatchResponse.js';

const ids = ['a', 'b', 'c'];
const failed = (answer: unknown, reports = true) => [...readBatchResponse(answer, ids, reports)];
const report = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('readBatchResponse', () => {
  it.each([
    ['an empty identifier', report('a', '')],
    ['a null identifier', report(null)],
    ['an identifier of no message in the batch', report('a', 'z')],
    ['an identifier under a wrong name', { batchItemFailures: [{ id: 'a' }] }],
    ['a failure that is no object', { batchItemFailures: ['a'] }],
    ['a list that is none', { batchItemFailures: 'a' }],
    ['a string', 'done'],
    ['a number', 1],
    ['an array', ['a']],
  ])('fails the whole batch for %s', (_name, answer) => {
    expect(failed(answer)).toEqual(ids);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['{}', {}],
    ['an empty list', report()],
    ['a null list', { batchItemFailures: null }],
    ['an object about something else', { statusCode: 200 }],
  ])('takes %s for success', (_name, answer) => {
    expect(failed(answer)).toEqual([]);
  });

  it('fails what is reported, and only that', () => {
    expect(failed(report('a', 'c'))).toEqual(['a', 'c']);
    expect(failed(report('b', 'b'))).toEqual(['b']);
  });

  it('takes any answer for success when the function does not report failures', () => {
    expect(failed(report('a'), false)).toEqual([]);
    expect(failed('done', false)).toEqual([]);
  });
});
