import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileStore } from '../fileStore.js';
import { parquetKey, parseManifestPath } from '../manifest.js';
import { createParquetFile } from './createParquetFile.js';
import { createColumnInference } from './inferColumns.js';
import { readRows } from './readRows.js';

export interface Conversion {
  readonly parquetPath: string;
  readonly rows: number;
}

/** Passes chunks on, and keeps them in a file. */
async function* keep(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'w');
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/** Passes chunks on, and tells how many bytes each has. */
async function* count(chunks: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void) {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

/** Bytes of NDJSON whose rows are in memory together, or little more. */
const ROW_GROUP_BYTES = 16_000_000;

/**
 * The conversion job: the rows of all files of a manifest become one Parquet file. Every file is fetched once, as a stream
 * for its columns, and read again from disk for its rows, so that memory holds one row group whatever the manifest
 * holds; the scratch folder must hold all of them. Run again, it writes the same object. A manifest without a single row gets none.
 */
export async function convertManifest(
  store: FileStore,
  manifestPath: string,
  signal: AbortSignal,
  scratchFolder: string = tmpdir(),
): Promise<Conversion> {
  const { manifestId } = parseManifestPath(manifestPath);
  const { bucket, date_prefix, files } = await store.readManifest(manifestPath);
  const parquet = parquetKey(date_prefix, manifestId);
  const folder = await mkdtemp(join(scratchFolder, 'fanfold-ndjson-'));
  const kept = (index: number) => join(folder, `${index}.ndjson`);
  try {
    const inference = createColumnInference();
    for (const [index, { key }] of files.entries()) {
      signal.throwIfAborted();
      for await (const row of readRows(keep(await store.open(key), kept(index)), key)) inference.add(row);
    }
    const path = join(folder, 'rows.parquet');
    const file = createParquetFile(path, inference.columns());
    let bytesInMemory = 0;
    for (const [index, { key }] of files.entries()) {
      signal.throwIfAborted();
      const chunks = count(createReadStream(kept(index)), (bytes) => {
        bytesInMemory += bytes;
      });
      for await (const row of readRows(chunks, key)) {
        await file.add(row, key);
        if (bytesInMemory < ROW_GROUP_BYTES) continue;
        await file.writeGroup();
        bytesInMemory = 0;
      }
    }
    const rows = await file.finish();
    if (rows > 0) await store.upload(parquet, path);
    return { parquetPath: `s3://${bucket}/${parquet}`, rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
