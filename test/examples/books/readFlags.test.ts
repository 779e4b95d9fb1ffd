import { describe, expect, it } from 'vitest';
import { readFlags } from '../../../examples/books/readFlags.js';

describe('readFlags', () => {
  it.each([
    [['--concurrency', '0'], '--concurrency', 'an integer from 1 to 1000'],
    [['--batch-size', '11'], '--batch-size', 'an integer from 1 to 10'],
    [['--limit', '1.5'], '--limit', 'an integer from 1'],
    [['--latency-ms', '-1'], '--latency-ms', 'an integer from 0'],
    [['--seed', 'x'], '--seed', 'an integer from 0'],
    [['--id', 'a/b'], '--id', '1 to 100 letters'],
    [['--api', 'ftp://x'], '--api', 'an http or https URL'],
    [['--csv', ''], '--csv', 'a path'],
    [['--csv'], '--csv', 'argument missing'],
    [['--cvs', 'x'], '--cvs', 'unknown option'],
    [['extra'], 'extra', 'expected flags only'],
  ])('refuses %j in one line that names the flag and what was expected', (argv, flag, expected) => {
    const read = () => readFlags(argv);
    expect(read).toThrow(expect.objectContaining({ name: 'InputError' }));
    expect(read).toThrow(flag);
    expect(read).toThrow(expected);
    expect(read).not.toThrow(/\n/);
  });

  it('lets a worker work on its whole batch at once', () => {
    expect(readFlags(['--batch-size', '10'])).toMatchObject({ batchSize: 10, workerConcurrency: 10 });
    expect(readFlags(['--batch-size', '10', '--worker-concurrency', '2'])?.workerConcurrency).toBe(2);
  });

  it('is the job of the README without any flag, under an id of its own', () => {
    const flags = readFlags([]);
    expect(flags).toMatchObject({
      concurrency: 400,
      latencyMs: 1_800,
      limit: Infinity,
      faults: true,
      chaos: false,
    });
    expect(flags?.id).not.toBe(readFlags([])?.id);
  });
});
