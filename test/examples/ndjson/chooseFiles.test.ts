import { describe, expect, it } from 'vitest';
import { chooseFiles, type WaitingFile } from '../../../examples/ndjson/build/chooseFiles.js';

const limits = { maxFiles: 3, maxBytes: 100, maxAgeMs: 1_000 };
const file = (key: string, size: number, since = 5_000): WaitingFile => ({
  bucket: 'files',
  key,
  size,
  since,
});
const keys = (files: readonly WaitingFile[]) => files.map(({ key }) => key).join('');
const soon = { now: 5_000, flush: false };

describe('the files of the next manifest', () => {
  it('are none while they do not fill one', () => {
    expect(chooseFiles([], limits, { now: 5_000, flush: true })).toEqual([]);
    expect(chooseFiles([file('a', 1), file('b', 98)], limits, soon)).toEqual([]);
  });

  it('are as many as fit by number, the oldest first', () => {
    const waiting = [file('d', 1, 4), file('b', 1, 2), file('c', 1, 3), file('a', 1, 1)];
    expect(keys(chooseFiles(waiting, { ...limits, maxAgeMs: 10_000 }, soon))).toBe('abc');
  });

  it('are as many as fit by bytes, and never more', () => {
    expect(keys(chooseFiles([file('a', 60), file('b', 40)], limits, soon))).toBe('ab');
    expect(keys(chooseFiles([file('a', 60), file('b', 41)], limits, soon))).toBe('a');
  });

  it('are one file alone that is too large by itself', () => {
    expect(keys(chooseFiles([file('a', 101), file('b', 1)], limits, soon))).toBe('a');
    expect(keys(chooseFiles([file('a', 101)], limits, soon))).toBe('a');
  });

  it('are the few that there are when one has waited too long, or when they are flushed', () => {
    const waiting = [file('a', 1, 4_001), file('b', 1)];
    expect(chooseFiles(waiting, limits, soon)).toEqual([]);
    expect(keys(chooseFiles(waiting, limits, { now: 5_001, flush: false }))).toBe('ab');
    expect(keys(chooseFiles(waiting, limits, { now: 5_000, flush: true }))).toBe('ab');
  });
});
