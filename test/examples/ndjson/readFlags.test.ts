import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../examples/ndjson/main.js';
import { readFlags } from '../../../examples/ndjson/readFlags.js';
import { readFolder } from '../../../examples/ndjson/run/readFolder.js';

describe('the flags of ndjson', () => {
  it.each([
    [['--files', '1'], /--files.*from 2 to 20000/],
    [['--max-files', '301'], /--max-files.*from 1 to 300/],
    [['--max-bytes', '0'], /--max-bytes.*from 1 to 700000000/],
    [['--builders', '1e1'], /--builders.*from 2 to 64/],
    [['--lock-ms', '99'], /--lock-ms.*from 100 to 60000/],
    [['--input', ' '], /--input.*expected a path/],
    [['--input'], /--input/],
    [['extra'], /argument/],
    [['--nonsense'], /--nonsense/],
  ])('refuses %j in one line that names it', (argv, message) => {
    expect(() => readFlags(argv)).toThrow(message);
    expect(() => readFlags(argv)).not.toThrow(/\n/);
  });

  it('makes 1,000 files where nothing else is asked for', () => {
    expect(readFlags([])).toEqual({
      ...{ input: undefined, files: 1_000, maxFiles: 200, maxBytes: 700_000, builders: 8 },
      ...{ lockMs: 2_000, chaos: false, seed: 1, stateMachine: true, json: false },
    });
    expect(readFlags(['--no-state-machine'])).toMatchObject({ stateMachine: false });
  });
});

describe('a folder of NDJSON', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-test-'));
    for (const name of ['good', 'good/day 1', 'empty', 'bad', 'array', 'dangling', 'good/x.ndjson'])
      await mkdir(at(name), { recursive: true });
    await writeFile(at('good', 'b.ndjson'), '{"a":1}\n{"a":2}\n');
    await writeFile(at('good', 'day 1', 'a.ndjson'), '');
    await writeFile(at('good', 'notes.txt'), 'no JSON');
    await writeFile(at('empty', 'notes.txt'), '');
    await writeFile(at('bad', 'a.ndjson'), '{"a":1}\n{"a":\n');
    await writeFile(at('array', 'a.ndjson'), '[]');
    await symlink(at('nowhere'), at('dangling', 'a.ndjson'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is read with the folders within it; whatever else lies there is left alone', async () => {
    const files = await readFolder(at('good'));
    expect(files.map(({ key, size, rows }) => [key, size, rows])).toEqual([
      ['incoming/b.ndjson', 16, 2],
      ['incoming/day 1/a.ndjson', 0, 0],
    ]);
  });

  it.each([
    ['missing', /--input .*missing: expected a folder that can be read, got ENOENT/],
    ['empty/notes.txt', /--input .*notes.txt: expected a folder that can be read, got ENOTDIR/],
    ['empty', /--input .*empty: expected at least one .ndjson file, found none/],
    ['dangling', /--input .*a.ndjson: expected a file that can be read, got ENOENT/],
    ['bad', /--input: .*a.ndjson, line 2: expected JSON$/],
    ['array', /--input: .*a.ndjson, line 1: expected a JSON object$/],
  ])('is refused in one line: %s', async (name, message) => {
    await expect(readFolder(at(name))).rejects.toThrow(message);
    expect(await main(['--input', at(name)])).toBe(2);
  });
});
