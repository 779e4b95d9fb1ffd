import { describe, expect, it } from 'vitest';
import { atLeast, atMost, isLost, median, toMeasure } from '../../bench/core/measure.js';

const options = { what: 'something', unit: 'ms' };

describe('toMeasure', () => {
  it('takes a ratio run by run, so that a busy machine changes none of them', () => {
    const { figures } = toMeasure(
      [
        ['fanfold', [1, 10, 100]],
        ['other', [2, 20, 200]],
      ],
      options,
    );
    expect(figures.map(({ ratio }) => ratio)).toEqual([1, 2]);
    expect(figures[1]).toMatchObject({ median: 20, low: 2, high: 200, runs: 3 });
  });

  it('compares somebody who took part in the first rounds only with those rounds', () => {
    const { figures } = toMeasure(
      [
        ['fanfold', [1, 2, 50, 50]],
        ['slow', [4, 8]],
      ],
      options,
    );
    expect(figures[1]?.ratio).toBe(4);
  });

  it('has no ratio over nothing, because JSON knows no infinity', () => {
    const { figures } = toMeasure(
      [
        ['fanfold', [0]],
        ['other', [1]],
      ],
      options,
    );
    expect(figures[1]?.ratio).toBeNull();
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  it('judges targets by exact values', () => {
    const { targets } = toMeasure([['fanfold', [1.04]]], {
      ...options,
      targets: (_, { median: own }) => [atMost(1.05, 'units', own), atLeast(2, '', own)],
    });
    expect(targets).toEqual([
      { text: '≤ 1.05 units', value: 1.04, isMet: true },
      { text: '≥ 2', value: 1.04, isMet: false },
    ]);
  });

  it('refuses a measure of nobody', () => {
    expect(() => toMeasure([], options)).toThrow('nobody');
    expect(() => toMeasure([['fanfold', []]], options)).toThrow('nobody');
  });
});

describe('isLost', () => {
  const against = (own: number, other: number, better: 'lower' | 'higher') =>
    isLost(
      toMeasure(
        [
          ['fanfold', [own]],
          ['other', [other]],
        ],
        { ...options, better },
      ),
    );

  it('is when somebody is better by more than noise', () => {
    expect(against(10, 9, 'lower')).toBe(true);
    expect(against(10, 9.9, 'lower')).toBe(false);
    expect(against(10, 11, 'lower')).toBe(false);
    expect(against(10, 11, 'higher')).toBe(true);
    expect(against(10, 9, 'higher')).toBe(false);
  });

  it('is when a target is missed', () => {
    const missed = toMeasure([['fanfold', [3]]], { ...options, targets: () => [atMost(2, 'ms', 3)] });
    expect(isLost(missed)).toBe(true);
  });
});

describe('median', () => {
  it('is the middle, or between the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
