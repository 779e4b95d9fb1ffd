import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareOutcomes, type Outcome } from '../../src/aggregation/index.js';

const outcome = (value: unknown): Outcome<unknown> => ({ status: 'succeeded', value });

describe('compareOutcomes', () => {
  it.each([-1, Number.NaN, '1', { absolute: -1 }, { relative: Number.NaN }, null])(
    'refuses the tolerance %j by its field',
    (tolerance) => {
      expect(() => compareOutcomes(1, 1, { tolerances: { total: tolerance as never } })).toThrow(
        /^tolerances\.total/,
      );
    },
  );

  it('says where two results differ, and how', () => {
    const a = [outcome({ total: 1, gone: 2, kind: 'x' }), outcome([1, 2])];
    const b = [outcome({ total: '1', new: 3, kind: 'y' }), outcome([1])];
    expect(compareOutcomes(a, b)).toMatchObject({
      equal: false,
      differenceCount: 5,
      differences: [
        { path: '0.value.total', reason: 'type', a: 1, b: '1' },
        { path: '0.value.gone', reason: 'missing', a: 2, b: undefined },
        { path: '0.value.kind', reason: 'value', a: 'x', b: 'y' },
        { path: '0.value.new', reason: 'extra', a: undefined, b: 3 },
        { path: '1.value.1', reason: 'missing', a: 2, b: undefined },
      ],
    });
  });

  it('tells an outcome that failed from one that succeeded', () => {
    const failed: Outcome<unknown> = {
      status: 'failed',
      error: { name: 'E', message: 'no', retryable: false },
    };
    const { differences } = compareOutcomes([outcome(1)], [failed]);
    expect(differences.map(({ path }) => path)).toEqual(['0.status', '0.value', '0.error']);
  });

  it('heeds the tolerance of the longest path that fits', () => {
    const options = {
      tolerances: { total: 0.5, 'fees.total': 0, 'weights.*': { relative: 0.01 } },
    };
    expect(compareOutcomes({ total: 1 }, { total: 1.5 }, options).equal).toBe(true);
    expect(compareOutcomes({ total: 1 }, { total: 1.6 }, options).differences).toMatchObject([
      { path: 'total', reason: 'tolerance' },
    ]);
    expect(compareOutcomes({ fees: { total: 1 } }, { fees: { total: 1.1 } }, options).equal).toBe(false);
    expect(compareOutcomes({ weights: { a: 100 } }, { weights: { a: 101 } }, options).equal).toBe(true);
    expect(compareOutcomes({ weights: { a: 100 } }, { weights: { a: 102 } }, options).equal).toBe(false);
    expect(compareOutcomes({ other: 1 }, { other: 1.1 }, options).equal).toBe(false);
  });

  it('does not look at what is ignored, at any depth', () => {
    const ignore = ['computedAt', 'error.message'];
    expect(compareOutcomes([{ computedAt: 1 }], [{ computedAt: 2 }], { ignore }).equal).toBe(true);
    expect(compareOutcomes({ error: { message: 'a' } }, { error: { message: 'b' } }, { ignore }).equal).toBe(
      true,
    );
    expect(compareOutcomes({ message: 'a' }, { message: 'b' }, { ignore }).equal).toBe(false);
  });

  it('counts more differences than it lists, and ends on cycles', () => {
    const a = Array.from({ length: 10 }, () => 0);
    const b = Array.from({ length: 10 }, () => 1);
    const { differences, differenceCount } = compareOutcomes(a, b, { maxDifferences: 3 });
    expect([differences.length, differenceCount]).toEqual([3, 10]);
    const cycle: Record<string, unknown> = { n: 1 };
    cycle.self = cycle;
    const other: Record<string, unknown> = { n: 2 };
    other.self = other;
    expect(compareOutcomes(cycle, other).differences).toMatchObject([{ path: 'n' }]);
  });

  it('takes equal dates, NaN, 0 and -0, and a missing undefined for equal', () => {
    const a = { at: new Date(5), n: Number.NaN, zero: 0, none: undefined };
    expect(compareOutcomes(a, { at: new Date(5), n: Number.NaN, zero: -0 }).equal).toBe(true);
    expect(compareOutcomes({ at: new Date(5) }, { at: new Date(6) }).equal).toBe(false);
  });

  it('looks into collections, and tolerates no infinity', () => {
    expect(compareOutcomes(new Map([['a', 1]]), new Map([['a', 2]])).equal).toBe(false);
    expect(compareOutcomes(new Set([1]), new Set([2])).equal).toBe(false);
    const options = { tolerances: { n: { relative: 0.1 } } };
    expect(compareOutcomes({ n: 1 }, { n: Number.POSITIVE_INFINITY }, options).equal).toBe(false);
    expect(compareOutcomes({ n: 1 }, { n: Number.NaN }, options).equal).toBe(false);
  });

  it('finds nothing between a value and its copy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(compareOutcomes(value, structuredClone(value))).toMatchObject({
          equal: true,
          differences: [],
        });
      }),
    );
  });
});
