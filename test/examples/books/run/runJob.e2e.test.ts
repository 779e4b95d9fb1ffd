import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCsv } from '../../../../examples/books/csv/checkCsv.js';
import { readFlags } from '../../../../examples/books/readFlags.js';
import { runJob } from '../../../../examples/books/run/runJob.js';

const TIMEOUT_MS = 120_000;

async function run(...argv: string[]) {
  const flags = readFlags(['--latency-ms', '10', '--concurrency', '20', ...argv]);
  if (flags === undefined) throw new Error('these flags ask for help');
  const facts = await checkCsv(flags.csv, flags.limit);
  return runJob(flags, facts, new AbortController().signal);
}

const countsOf = ({ result }: Awaited<ReturnType<typeof run>>) => {
  const { expected, succeeded, failed, completions, dashboard } = result;
  return { expected, succeeded, failed, completions, dashboard };
};

describe('runJob', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-books-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it(
    'accounts for every row: enriched, given up by the queue, refused for good, or broken',
    async () => {
      const csv = join(folder, 'books.csv');
      await writeFile(
        csv,
        'Title,Author\nEmma,Austen\nMoby-Dick,Melville\nThe Man Without Qualities,Musil\nUbik\nDune,Herbert\n',
      );
      const { result, dashboard } = await run('--csv', csv);
      expect(result).toMatchObject({
        expected: 5,
        succeeded: 2,
        failed: 3,
        completions: 1,
        deadLettered: 1,
        broken: [],
      });
      expect(dashboard.failures).toEqual([
        { index: 1, title: 'Moby-Dick', reason: 'the API answered 500' },
        { index: 2, title: 'The Man Without Qualities', reason: 'the API answered 404' },
        { index: 3, title: '(line 5)', reason: 'line 5: expected 2 columns, found 1' },
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'counts the same under chaos, and every fault of it happens',
    async () => {
      const calm = await run('--limit', '30', '--no-faults');
      const chaotic = await run('--limit', '30', '--no-faults', '--chaos', '--seed', '1');
      expect(chaotic.result.broken).toEqual([]);
      expect(countsOf(chaotic)).toEqual(countsOf(calm));
      expect(chaotic.result.faults).toMatchObject({
        throttle: expect.any(Number),
        resetAfter: expect.any(Number),
        duplicate: expect.any(Number),
        killAfter: expect.any(Number),
      });
    },
    TIMEOUT_MS,
  );

  it(
    'settles a batch of neighbours together, and cheaper than one by one',
    async () => {
      const { result } = await run('--limit', '100', '--no-faults', '--batch-size', '10');
      expect(result).toMatchObject({ succeeded: 100, broken: [] });
      // About 20; one by one it is 100. How many end together depends on how busy the machine is.
      expect(result.settleWriteUnits).toBeLessThan(70);
    },
    TIMEOUT_MS,
  );

  it(
    'finishes a job of one single row',
    async () => {
      const { result } = await run('--limit', '1', '--no-faults');
      expect(result).toMatchObject({ expected: 1, succeeded: 1, completions: 1, broken: [] });
    },
    TIMEOUT_MS,
  );

  it(
    'stops at once when it is interrupted, and leaves nothing running',
    async () => {
      const flags = readFlags(['--latency-ms', '60000', '--limit', '5']);
      if (flags === undefined) throw new Error('these flags ask for help');
      const interruption = new AbortController();
      const running = runJob(flags, await checkCsv(flags.csv, flags.limit), interruption.signal);
      interruption.abort();
      await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    },
    TIMEOUT_MS,
  );
});
