import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { InputError } from '../../inputError.js';
import { readBooks } from './readBooks.js';

/** What a first reading found. */
export interface CsvFacts {
  readonly bytes: number;
  /** Rows below the header, broken ones included, up to the limit. */
  readonly rows: number;
  /** How many of them are broken. */
  readonly broken: number;
}

/**
 * Reads the whole file once before anything is started, so that a file that cannot be a list of books is refused
 * with one line and costs nothing.
 */
export async function checkCsv(path: string, limit = Infinity): Promise<CsvFacts> {
  try {
    const file = await stat(path);
    if (!file.isFile()) throw new InputError('expected a CSV file, found a directory or a device');
    let [rows, broken] = [0, 0];
    for await (const row of readBooks(createReadStream(path))) {
      if (rows >= limit) continue;
      rows += 1;
      if ('problem' in row) broken += 1;
    }
    return { bytes: file.size, rows, broken };
  } catch (error) {
    throw new InputError(`--csv ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof InputError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'expected a CSV file, found nothing there';
  if (code === 'EACCES') return 'expected a readable CSV file, got no permission to read it';
  return `expected a readable CSV file, got ${code ?? message}`;
}
