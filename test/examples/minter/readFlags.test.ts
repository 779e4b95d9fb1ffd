import { describe, expect, it } from 'vitest';
import { readFlags } from '../../../examples/minter/readFlags.js';

describe('readFlags', () => {
  it.each([
    [['--requests', '1'], '--requests', 'an integer from 2 to 500'],
    [['--identifiers', '101'], '--identifiers', 'an integer from 1 to 100'],
    [['--identifiers'], '--identifiers', 'argument missing'],
    [['--ids', '3'], '--ids', 'unknown option'],
    [['extra'], 'too many arguments', 'Expected 0 arguments'],
  ])('refuses %j in one line that names it and says what was expected', (argv, flag, expected) => {
    const read = () => readFlags(argv);
    expect(read).toThrow(expect.objectContaining({ name: 'FlagError' }));
    expect(read).toThrow(flag);
    expect(read).toThrow(expected);
    expect(read).not.toThrow(/\n/);
  });

  it('asks 50 times at once for the same identifiers without any flag', () => {
    expect(readFlags([])).toEqual({ requests: 50, identifiers: 10, json: false });
  });
});
