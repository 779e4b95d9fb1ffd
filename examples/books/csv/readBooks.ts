import { InputError } from '../../inputError.js';
import type { Row } from './book.js';
import { findColumns, toBook } from './columns.js';
import { readRecords } from './readRecords.js';

/**
 * Streams a Goodreads library export, or a file with the columns of goodbooks-10k, as rows in the order of the file:
 * the same row has the same position in every reading. A row that is broken or has no title is a row with a
 * `problem`, never an exception; a file that cannot be read as a list of books throws an {@link InputError}.
 */
export async function* readBooks(source: AsyncIterable<Uint8Array>, limit = Infinity): AsyncGenerator<Row> {
  let columns: ReturnType<typeof findColumns>;
  let count = 0;
  for await (const record of readRecords(source)) {
    if (columns === undefined) {
      const header = 'fields' in record ? record.fields : [];
      columns = findColumns(header);
      if (columns === undefined)
        throw new InputError(`expected a header with a column "Title", found ${show(header)}`);
      continue;
    }
    if (count >= limit) return;
    count += 1;
    if ('problem' in record) yield record;
    else {
      const book = toBook(record.fields, columns);
      yield book
        ? { line: record.line, book }
        : { line: record.line, problem: 'expected a title, found none' };
    }
  }
  if (count === 0 && limit > 0)
    throw new InputError('expected at least one row below the header, found none');
}

const show = (header: readonly string[]) =>
  header.length === 0 ? 'a broken first line' : JSON.stringify(header.slice(0, 5).join(', ').slice(0, 80));
