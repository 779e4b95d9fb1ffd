import { describe, expect, it } from 'vitest';
import { expectPattern, matchesPattern } from '../../../src/local/events/eventPattern.js';

const event = {
  source: 'trading',
  'detail-type': 'SignalGenerated',
  resources: ['a', 'b'],
  detail: { correlation_id: 'c-1', count: 3, shadow: false, reason: null, nested: { deep: 'x' } },
};

describe('a pattern that does not run here is refused', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /^pattern: expected an object with a field/],
    ['no field', {}, /^pattern: expected an object with a field/],
    ['no value', { source: [] }, /^pattern.source: expected an array of exact values/],
    ['a bare value', { source: 'trading' }, /^pattern.source: expected an object/],
    ['a prefix', { source: [{ prefix: 'tra' }] }, /^pattern.source: expected .*exact values.*an object/],
    ['$or', { $or: [{ source: ['a'] }] }, /^pattern.\$or: expected an array of exact values/],
    ['no number', { detail: { count: [Number.NaN] } }, /^pattern.detail.count: expected/],
    [
      'a field that no event has',
      { detailType: ['a'] },
      /^pattern: expected fields of version.*"detailType"/,
    ],
  ])('%s', (_what, pattern, message) => {
    expect(() => expectPattern('pattern', pattern)).toThrow(message);
  });
});

describe('a pattern matches', () => {
  it.each<[boolean, string, Parameters<typeof matchesPattern>[0]]>([
    [true, 'one of the values', { source: ['other', 'trading'] }],
    [false, 'none of the values', { source: ['other'] }],
    [false, 'a field that is missing', { 'detail-type': ['SignalGenerated'], detail: { absent: [null] } }],
    [true, 'fields within the detail', { detail: { count: [3], shadow: [false], nested: { deep: ['x'] } } }],
    [false, 'a number given as text', { detail: { count: ['3'] } }],
    [true, 'null', { detail: { reason: [null] } }],
    [true, 'an element of a list', { resources: ['b'] }],
    [false, 'a field within a value that has none', { source: { deep: ['x'] } }],
    [false, 'what only a prototype has', { detail: { toString: ['x'] } }],
  ])('%s: %s', (expected, _what, pattern) => {
    expect(() => expectPattern('pattern', pattern)).not.toThrow();
    expect(matchesPattern(pattern, event)).toBe(expected);
  });
});
