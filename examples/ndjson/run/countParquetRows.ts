import { ParquetFile } from 'parquet-wasm';

/** Reads a whole Parquet file, batch by batch, by another library than the one that wrote it; answers its rows. */
export async function countParquetRows(bytes: Uint8Array): Promise<number> {
  const file = await ParquetFile.fromFile(new Blob([new Uint8Array(bytes)]));
  try {
    const batches = (await file.stream()) as ReadableStream<{ readonly numRows: number; free(): void }>;
    const reader = batches.getReader();
    let rows = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      rows += next.value.numRows;
      next.value.free();
    }
    return rows;
  } finally {
    file.free();
  }
}
