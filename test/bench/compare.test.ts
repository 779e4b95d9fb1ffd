import { describe, expect, it } from 'vitest';
import { compare } from '../../bench/core/compare.js';

describe('compare', () => {
  it('runs the contestants in turns, each round beginning with another, after warm-ups that do not count', async () => {
    const order: string[] = [];
    const contestant = (name: string) => async () => {
      order.push(name);
      return { value: order.length };
    };
    const comparison = await compare(
      { a: contestant('a'), b: contestant('b'), c: contestant('c') },
      { rounds: 2, warmUps: 1 },
    );
    expect(order.join('')).toBe('abcabcbca');
    expect(comparison.runsOf('value', 'b', 'a')).toEqual([
      ['b', [5, 7]],
      ['a', [4, 9]],
    ]);
  });

  it('lets a slow one take part in the first rounds only', async () => {
    let runs = 0;
    const slow = async () => {
      runs += 1;
      return { value: 1 };
    };
    const comparison = await compare(
      { quick: async () => ({ value: 1 }), slow },
      { rounds: 5, warmUps: 0, atMost: { slow: 2 } },
    );
    expect(runs).toBe(2);
    expect(comparison.runsOf('value', 'quick', 'slow').map(([, values]) => values.length)).toEqual([5, 2]);
  });
});
