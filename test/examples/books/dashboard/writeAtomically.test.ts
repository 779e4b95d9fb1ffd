import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEMPORARY_SUFFIX, writeAtomically } from '../../../../examples/books/dashboard/writeAtomically.js';
import { openOutputFolder } from '../../../../examples/books/outputFolder.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fanfold-out-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeAtomically', () => {
  it('keeps the old and leaves no half behind when it cannot write', async () => {
    await mkdir(join(folder, 'taken'));
    await expect(writeAtomically(join(folder, 'taken'), 'x')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('makes the folder, and replaces what was there', async () => {
    const path = join(folder, 'a', 'b.txt');
    await writeAtomically(path, 'one');
    await writeAtomically(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
  });
});

describe('openOutputFolder', () => {
  it('names a folder that is a file', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await expect(openOutputFolder(path, 'job')).rejects.toThrow(
      `--out ${path}: expected a folder to write to`,
    );
  });

  it('knows that the same job was killed here before, and tidies up after it', async () => {
    expect((await openOutputFolder(folder, 'job')).interrupted).toBe(false);
    await writeFile(join(folder, `.half${TEMPORARY_SUFFIX}`), '<html');
    expect((await openOutputFolder(folder, 'another')).interrupted).toBe(false);
    expect((await openOutputFolder(folder, 'another')).interrupted).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith(TEMPORARY_SUFFIX))).toEqual([]);
  });
});
