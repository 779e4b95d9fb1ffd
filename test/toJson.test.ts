import { describe, expect, it } from 'vitest';
import { toJson } from '../src/toJson.js';

describe('toJson', () => {
  it('is the JSON of a value', () => {
    expect(toJson('value', { a: [1, null, 'ü'] })).toBe('{"a":[1,null,"ü"]}');
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a BigInt', 1n],
    ['a cycle', cycle],
  ])('refuses %s, naming the field and never showing the value', (_name, value) => {
    expect(() => toJson('metadata', value)).toThrow(
      expect.objectContaining({
        code: 'InvalidArgument',
        message: 'metadata: expected a JSON value without cycles, BigInts and functions',
      }),
    );
  });
});
