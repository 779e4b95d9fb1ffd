import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/jobs/encodeValue.js';

const there = (value: unknown) => decodeValue(encodeValue('result', value));

describe('encodeValue', () => {
  it.each([
    ['a BigInt', { a: [1n] }, 'result.a[0]: a bigint'],
    ['a function', { f: () => 1 }, 'result.f: a function'],
    ['a symbol', Symbol('x'), 'result: a symbol'],
    ['a Map', { m: new Map() }, 'result.m: a Map'],
    ['a Set', [new Set()], 'result[0]: a Set'],
    ['binary data', new Uint8Array(2), 'result: a Uint8Array'],
  ])('refuses %s by its place', (_, value, message) => {
    expect(() => encodeValue('result', value)).toThrow(message);
  });

  it('refuses a cycle and what is nested too deep, and allows what is merely there twice', () => {
    const cycle: { list: unknown[] } = { list: [] };
    cycle.list.push(cycle);
    expect(() => encodeValue('result', cycle)).toThrow('result.list[0]: a cycle');
    const again = { toJSON: () => again };
    expect(() => encodeValue('result', again)).toThrow('a cycle');
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(() => encodeValue('result', deep)).toThrow(/deep|stack/i);
    const twice = { a: 1 };
    expect(there([twice, twice])).toEqual([twice, twice]);
  });

  it.each([
    [undefined],
    [{ a: undefined, b: [undefined, null] }],
    [new Date(0)],
    [[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]],
    [{ $fanfold: 'Date', value: 'mine' }],
    [{ $fanfold: { $fanfold: 'undefined' } }],
    [JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
  ])('brings %j back as it was', (value) => {
    expect(there(value)).toStrictEqual(value);
  });

  it('keeps a Date that is none, and takes what toJSON gives', () => {
    expect(there(new Date(Number.NaN))).toEqual(new Date(Number.NaN));
    expect(there({ price: { toJSON: () => '1.50' } })).toEqual({ price: '1.50' });
    expect(there(Buffer.from('a'))).toEqual({ type: 'Buffer', data: [97] });
  });

  it('brings back any value of JSON, and Dates and undefined anywhere in it', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.constant(undefined),
        fc.double(),
        fc.date({ noInvalidDate: true }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('$fanfold')), tie('value'), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        expect(there(original)).toStrictEqual(original);
      }),
    );
  });
});
