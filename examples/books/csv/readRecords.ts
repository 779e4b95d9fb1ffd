import { pipeline, Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { InputError } from '../../inputError.js';
import { decodeText } from './decodeText.js';
import { splitBroken } from './splitBroken.js';

/** One record of a CSV file. A broken one keeps its place and its line number, and says what is wrong. */
export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: string };

/** No record is longer than this many bytes, so that memory stays flat whatever the file holds. */
const MAX_RECORD_BYTES = 1_048_576;

/** Lenient, so that one broken row costs one row: what it let pass is looked at again, row by row. */
export const csvOptions = {
  columns: false,
  raw: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: MAX_RECORD_BYTES,
} as const satisfies Options;

/** With `raw` on it is given the pair below, which csv-parse's declarations do not say. */
type OnRecord = NonNullable<Options['on_record']>;

export interface RawRecord {
  readonly record: string[];
  readonly raw: string;
}

export const countLines = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/**
 * Reads a CSV file record by record, in constant memory; the first record is the header. Only what makes the whole
 * file unreadable throws an {@link InputError}: binary data, nothing at all, or a quoted field that never ends.
 */
export async function* readRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  let linesBefore = 0;
  // Counted while it parses, so that the place is known even where the parser gives up before we have read.
  const stampLine = (record: RawRecord) => {
    const line = linesBefore + 1 + countLines(/^[\r\n]*/.exec(record.raw)?.[0] ?? '');
    linesBefore += countLines(record.raw);
    return { ...record, line };
  };
  const parser = parse({ ...csvOptions, on_record: stampLine as unknown as OnRecord });
  // The callback is for nobody: an error of the source arrives through the parser that is read below.
  pipeline(Readable.from(decodeText(source)), parser, () => {});
  let columns: number | undefined;
  try {
    for await (const { record, raw, line } of parser as AsyncIterable<ReturnType<typeof stampLine>>) {
      if (record.length === 1 && record[0]?.trim() === '') continue;
      columns ??= record.length;
      yield* splitBroken({ record, raw: raw.replace(/^[\r\n]+/, '') }, line, columns);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(`line ${linesBefore + 1}: ${unreadable(error.code)}`, { cause: error });
  }
}

function unreadable(code: string): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return 'expected a closing quote, found a quoted field that never ends';
  if (code !== 'CSV_MAX_RECORD_SIZE') return `expected CSV, found what cannot be read as such (${code})`;
  return `expected rows of at most ${MAX_RECORD_BYTES} bytes, found a longer one (is a quoted field never closed?)`;
}
