import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AsyncBuffer, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convertManifest } from '../../../examples/ndjson/convert/convertManifest.js';
import { createParquetFile } from '../../../examples/ndjson/convert/createParquetFile.js';
import { createColumnInference } from '../../../examples/ndjson/convert/inferColumns.js';
import { BadLineError, type Row, readRows } from '../../../examples/ndjson/convert/readRows.js';
import type { FileStore } from '../../../examples/ndjson/fileStore.js';
import { countParquetRows } from '../../../examples/ndjson/run/countParquetRows.js';

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part;
}
async function rowsOf(...parts: readonly (string | Uint8Array)[]): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(chunks(...parts), 'a.ndjson')) rows.push(row);
  return rows;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fanfold-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('rows of NDJSON', () => {
  it('are found across chunks, with either line end, without the last one, and with blank lines between', async () => {
    const euro = Buffer.from('{"a":"€"}');
    expect(await rowsOf('{"n', '":1}\r\n\n', euro.subarray(0, 7), euro.subarray(7))).toEqual([
      { n: 1 },
      { a: '€' },
    ]);
    expect(await rowsOf('\ufeff{"n":1}\n')).toEqual([{ n: 1 }]);
    expect(await rowsOf('')).toEqual([]);
  });

  it.each([
    ['{"n":1}\n{"n":\n', 'a.ndjson, line 2: expected JSON'],
    ['\n[1]\n', 'a.ndjson, line 2: expected a JSON object'],
    ['null', 'a.ndjson, line 1: expected a JSON object'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'a.ndjson: expected UTF-8'],
  ])('are refused by file and line, without showing the data: %j', async (text, message) => {
    await expect(rowsOf(text)).rejects.toThrow(new BadLineError(message));
  });
});

describe('columns', () => {
  const infer = (...rows: Row[]) => {
    const inference = createColumnInference();
    for (const row of rows) inference.add(row);
    return Object.fromEntries(inference.columns());
  };

  it('have the narrowest type that takes all their values', () => {
    const rows = [
      { i: 1, d: 1, s: 'x', b: true, mixed: 1, nested: {}, big: 2 ** 53, never: null, late: null },
      { i: null, d: 0.5, s: 'y', b: false, mixed: 'x', nested: [1], late: 3 },
    ];
    expect(infer(...rows)).toEqual({
      ...{ i: 'INT64', d: 'DOUBLE', s: 'STRING', b: 'BOOLEAN', mixed: 'JSON', nested: 'JSON' },
      ...{ big: 'DOUBLE', never: 'STRING', late: 'INT64' },
    });
  });
});

describe('a Parquet file', () => {
  async function write(rows: readonly Row[]): Promise<Buffer> {
    const inference = createColumnInference();
    for (const row of rows) inference.add(row);
    const path = join(folder, 'rows.parquet');
    const file = createParquetFile(path, inference.columns());
    for (const row of rows) await file.add(row, 'a.ndjson');
    expect(await file.finish()).toBe(rows.length);
    return readFile(path);
  }
  const readAll = async (bytes: Buffer) => {
    const file: AsyncBuffer = {
      byteLength: bytes.length,
      slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
    };
    return parquetReadObjects({ file });
  };

  it('holds every value as it was, null where a row has no such field, and where the row came from', async () => {
    const bytes = await write([
      { id: 1, amount: 1.5, name: 'Zoë', active: true, tags: ['a'], 'a.b': 'dotted' },
      { id: 2, amount: 2, active: false, tags: { deep: [1] } },
    ]);
    expect(await readAll(bytes)).toEqual([
      {
        id: 1n,
        amount: 1.5,
        name: 'Zoë',
        active: true,
        tags: ['a'],
        'a.b': 'dotted',
        _source_key: 'a.ndjson',
      },
      {
        ...{ id: 2n, amount: 2, name: null, active: false, tags: { deep: [1] }, 'a.b': null },
        _source_key: 'a.ndjson',
      },
    ]);
  });

  it('takes fields that are named like what every object has, or like its own column', async () => {
    const rows = [JSON.parse('{"__proto__":"x","toString":"y","_source_key":"z"}') as Row, { n: 1 }];
    const bytes = await write(rows);
    expect(await countParquetRows(bytes)).toBe(2);
    const [first, second] = await readAll(bytes);
    expect(first).toMatchObject({ _source_key: 'z', __source_key: 'a.ndjson' });
    expect(second).toMatchObject({ n: 1n, _source_key: null, __source_key: 'a.ndjson' });
  });

  it('is written in row groups, and counted by another library', async () => {
    const bytes = await write(Array.from({ length: 25_000 }, (_, n) => ({ n })));
    expect(await countParquetRows(bytes)).toBe(25_000);
  });
});

describe('the conversion of a manifest', () => {
  const manifestPath = 's3://files/manifests/2027/01/15/manifest-20270115T000000000Z-1.json';
  const uploads: { key: string; rows: number }[] = [];
  const storeOf = (files: Readonly<Record<string, string>>): FileStore => ({
    bucket: 'files',
    open: async (key) => chunks(files[key] ?? ''),
    put: async () => {},
    async upload(key, path) {
      uploads.push({ key, rows: await countParquetRows(await readFile(path)) });
    },
    writeManifest: async () => {},
    readManifest: async () => ({
      ...{ manifest_id: 'manifest-20270115T000000000Z-1', bucket: 'files', date_prefix: '2027/01/15' },
      files: Object.keys(files).map((key) => ({ key, size: 1 })),
    }),
  });
  const { signal } = new AbortController();
  beforeEach(() => {
    uploads.length = 0;
  });

  it('puts the rows of all its files into one Parquet file', async () => {
    const store = storeOf({ 'a.ndjson': '{"a":1}\n{"a":2}', 'b.ndjson': '', 'c.ndjson': '{"b":"x"}\n' });
    const key = 'parquet/2027/01/15/manifest-20270115T000000000Z-1.parquet';
    expect(await convertManifest(store, manifestPath, signal, folder)).toEqual({
      parquetPath: `s3://files/${key}`,
      rows: 3,
    });
    expect(uploads).toEqual([{ key, rows: 3 }]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('holds no more than a row group in memory, however large the rows are', async () => {
    const row = `${JSON.stringify({ text: 'x'.repeat(1_000_000) })}\n`;
    const groups: number[] = [];
    const store: FileStore = {
      ...storeOf({ 'a.ndjson': row.repeat(20), 'b.ndjson': row.repeat(20) }),
      async upload(_key, path) {
        const bytes = new Uint8Array(await readFile(path));
        groups.push(...parquetMetadata(bytes.buffer).row_groups.map(({ num_rows }) => Number(num_rows)));
      },
    };
    expect(await convertManifest(store, manifestPath, signal, folder)).toMatchObject({ rows: 40 });
    expect(groups.length).toBeGreaterThan(1);
    expect(Math.max(...groups)).toBeLessThanOrEqual(17);
    expect(groups.reduce((sum, rows) => sum + rows, 0)).toBe(40);
  });

  it('fails by the file and line that is no JSON, writes nothing and leaves nothing behind', async () => {
    const store = storeOf({ 'a.ndjson': '{"a":1}\n', 'b.ndjson': '{"a":1}\n{"a"' });
    await expect(convertManifest(store, manifestPath, signal, folder)).rejects.toThrow(
      'b.ndjson, line 2: expected JSON',
    );
    expect(uploads).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes no Parquet file for files without a row', async () => {
    expect(await convertManifest(storeOf({ 'a.ndjson': '\n' }), manifestPath, signal, folder)).toMatchObject({
      rows: 0,
    });
    expect(uploads).toEqual([]);
  });

  it('stops when nobody waits for it any more', async () => {
    const store = storeOf({ 'a.ndjson': '{"a":1}' });
    await expect(
      convertManifest(store, manifestPath, AbortSignal.abort(new Error('given up')), folder),
    ).rejects.toThrow('given up');
  });
});
