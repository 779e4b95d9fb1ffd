import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCsv } from '../../../../examples/books/csv/checkCsv.js';

describe('checkCsv', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-csv-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('names a file that is missing, in one line', async () => {
    const path = join(folder, 'none.csv');
    await expect(checkCsv(path)).rejects.toThrow(`--csv ${path}: expected a CSV file, found nothing there`);
  });

  it('refuses a directory', async () => {
    await expect(checkCsv(folder)).rejects.toThrow('found a directory');
  });

  it('reads past the limit, because a file that cannot be read is no good for a part of it either', async () => {
    const path = join(folder, 'endless.csv');
    await writeFile(path, 'Title\nDune\n"Emma\n');
    await expect(checkCsv(path, 1)).rejects.toThrow(/line 3: .*never ends/);
  });

  it('counts the rows, broken ones included, up to the limit', async () => {
    const path = join(folder, 'books.csv');
    await writeFile(path, 'Title,Author\nDune\nEmma,Austen\n');
    expect(await checkCsv(path)).toEqual({ bytes: 30, rows: 2, broken: 1 });
    expect(await checkCsv(path, 1)).toEqual({ bytes: 30, rows: 1, broken: 1 });
  });
});
