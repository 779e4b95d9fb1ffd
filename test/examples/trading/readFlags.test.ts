import { describe, expect, it } from 'vitest';
import { main } from '../../../examples/trading/main.js';
import { readFlags } from '../../../examples/trading/readFlags.js';

describe('the flags of trading', () => {
  it('have defaults', () => {
    expect(readFlags([])).toEqual({
      ...{ part: 'all', strategies: 4, stepFunctions: false, shadow: false, plant: false },
      ...{ trades: 200, fifo: false, requests: 100, seed: 1, json: false },
    });
  });

  it.each<[string[], RegExp]>([
    [['--part', 'all-of-it'], /--part.*strategies, trades, fetch, all/],
    [['--strategies', '2'], /--strategies.*expected an integer from 3 to 20/],
    [['--trades', '1.5'], /--trades.*expected an integer from 20 to 2000/],
    [['--simulate', '0'], /--simulate.*expected an integer from 1/],
    [['--plant'], /--plant: expected --shadow with it/],
    [['--shadow', '--simulate', '5'], /--simulate: expected no --shadow/],
    [['--unknown'], /unknown option '--unknown'/],
    [['more'], /too many arguments/],
  ])('are refused in one line: %j', (argv, message) => {
    expect(() => readFlags(argv)).toThrow(message);
    expect(() => readFlags(argv)).toThrow(/^[^\n]*$/);
  });

  it('end with exit code 2 where they are bad, before anything is started', async () => {
    expect(await main(['--trades', 'many'])).toBe(2);
  });

  it('do not stand above an environment that is neither true nor false', async () => {
    process.env.USE_STEP_FUNCTIONS = 'yes';
    try {
      expect(await main(['--part', 'fetch'])).toBe(2);
    } finally {
      delete process.env.USE_STEP_FUNCTIONS;
    }
  });
});
