import { beforeAll, describe, expect, it } from 'vitest';
import { brokenPromises } from '../../../examples/minter/run/brokenPromises.js';
import { type Result, runMinter } from '../../../examples/minter/run/runMinter.js';

const flags = { requests: 20, identifiers: 5, json: true };

describe('a run of the minter', () => {
  let result: Result;
  beforeAll(async () => {
    result = await runMinter(flags, () => undefined);
  }, 120_000);

  it('keeps every promise', () => {
    expect(brokenPromises(result, flags)).toEqual([]);
  });

  it('shows that a Choice on the list alone is always true', () => {
    expect(result.choices).toEqual({
      noneFailed: { onList: 'some failed', onFirst: 'all minted' },
      oneFailed: { onList: 'some failed', onFirst: 'some failed' },
    });
  });

  it.each<[string, (result: Result) => Result, RegExp]>([
    ['two ids of one', (r) => ({ ...r, concurrent: { ...r.concurrent, mostIdsOfOne: 2 } }), /^concurrent/],
    ['a lost success', (r) => ({ ...r, partial: { ...r.partial, successes: 98 } }), /^a failing identifier/],
    ['a vague refusal', (r) => ({ ...r, refused: { ...r.refused, blank: 'no' } }), /^the refusal of blank/],
    ['six at once', (r) => ({ ...r, batches: { ...r.batches, mostAtOnce: 6 } }), /^the Map runs/],
    ['a nameless line', (r) => ({ ...r, log: { ...r.log, whole: 0 } }), /^every line/],
    ['a lost message', (r) => ({ ...r, queue: { ...r.queue, left: 1 } }), /^the queue ends/],
  ])('says which promise is broken: %s', (_what, spoil, sentence) => {
    expect(brokenPromises(spoil(result), flags)).toEqual([expect.stringMatching(sentence)]);
  });
});
