import { describe, expect, it } from 'vitest';
import { main } from '../../../examples/precompute/main.js';
import { readFlags } from '../../../examples/precompute/readFlags.js';

describe('the flags of precompute', () => {
  it.each([
    [['--items', '0'], /--items.*from 1 to 10000/],
    [['--items', '1e3'], /--items.*from 1 to 10000/],
    [['--fail', '-1'], /--fail.*from 0 to 10000/],
    [['--fail', '5', '--items', '4'], /--fail 5: expected at most the 4/],
    [['--items', '1001'], /--items 1001: expected at most 1000.*--via sqs/],
    [['--via', 'email'], /--via.*map, sqs, both/],
    [['--latency-ms'], /--latency-ms/],
    [['extra'], /argument/],
    [['--nonsense'], /--nonsense/],
  ])('refuses %j in one line that names it', (argv, message) => {
    expect(() => readFlags(argv)).toThrow(message);
    expect(() => readFlags(argv)).not.toThrow(/\n/);
  });

  it('sends 46 tickers both ways where nothing else is asked for', () => {
    expect(readFlags([])).toEqual({ items: 46, fail: 0, latencyMs: 200, via: 'both', json: false });
  });

  it('takes more tickers over SQS than a Map holds', () => {
    expect(readFlags(['--items', '10000', '--via', 'sqs'])).toMatchObject({ items: 10_000, via: 'sqs' });
  });

  it('makes a bad flag exit code 2', async () => {
    expect(await main(['--items', '0'])).toBe(2);
  });
});
