import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectKey, toMintRequest } from '../../../examples/minter/mintRequest.js';

const many = (count: number) => Array.from({ length: count }, (_, index) => `catalogue/${index}`);

describe('toMintRequest', () => {
  it.each<[string, unknown, string]>([
    ['none', { sourceIdentifiers: [] }, 'sourceIdentifiers: expected 1 to 100 identifiers, found 0'],
    ['101', { sourceIdentifiers: many(101) }, 'sourceIdentifiers: expected 1 to 100 identifiers, found 101'],
    [
      'a blank one',
      { sourceIdentifiers: ['a', '\t '] },
      'sourceIdentifiers.1: expected a string that is not blank',
    ],
    ['a number', { sourceIdentifiers: ['a', 'b', 7] }, 'sourceIdentifiers.2: expected a string'],
    ['null', { sourceIdentifiers: null }, 'sourceIdentifiers: expected an array of 1 to 100 strings'],
    ['nothing', {}, 'sourceIdentifiers: expected an array of 1 to 100 strings'],
    ['a blank jobId', { sourceIdentifiers: ['a'], jobId: '' }, 'jobId: expected a string that is not blank'],
    ['no object', 'a', 'request: expected an object { sourceIdentifiers, jobId? }'],
  ])('refuses %s, naming the field', (_what, payload, message) => {
    expect(() => toMintRequest(payload)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', message }),
    );
  });

  it('answers or says InvalidRequest, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        try {
          expect(toMintRequest(payload).sourceIdentifiers.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toHaveProperty('name', 'InvalidRequest');
        }
      }),
    );
  });

  it.each([1, 100])('takes %i identifiers', (count) => {
    const request = { sourceIdentifiers: many(count), jobId: 'job' };
    expect(toMintRequest({ ...request, more: true })).toEqual(request);
  });
});

describe('expectKey', () => {
  it('refuses for good what DynamoDB cannot have as a key, counted in bytes', () => {
    expect(() => expectKey('é'.repeat(1_025))).toThrow(
      expect.objectContaining({ code: 'IdentifierTooLong', retryable: false }),
    );
    expect(() => expectKey('é'.repeat(1_024))).not.toThrow();
  });
});
