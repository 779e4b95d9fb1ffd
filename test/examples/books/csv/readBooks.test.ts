import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../examples/books/csv/book.js';
import { readBooks } from '../../../../examples/books/csv/readBooks.js';

const library = fileURLToPath(new URL('../../../../examples/books/data/library.csv', import.meta.url));

async function* bytes(text: string | Uint8Array, pieceLength = 7): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += pieceLength) yield all.subarray(at, at + pieceLength);
}

async function read(text: string | Uint8Array, limit?: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readBooks(bytes(text), limit)) rows.push(row);
  return rows;
}

const titles = (rows: readonly Row[]) => rows.map((row) => ('book' in row ? row.book.title : row.line));

describe('readBooks', () => {
  it.each([
    ['an empty file', '', /found an empty file/],
    ['a file of blank lines', '\n \r\n', /found an empty file/],
    ['binary data', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), /found binary data/],
    ['text that is not UTF-8', new Uint8Array([0x54, 0xe9, 0x0a, 0x54]), /found binary data/],
    ['no title column', 'name,author\nDune,Herbert\n', /a column "Title", found "name, author"/],
    ['a header without rows', 'Title,Author\n', /at least one row/],
    ['a quoted field that never ends', 'Title\nDune\n"Emma\nUbik\n', /line 3: .*never ends/],
    ['a quoted field that never ends in the header', '"Title\nDune\n', /line 1: .*never ends/],
    ['a record of more than a megabyte', `Title\n"${'x'.repeat(1_100_000)}\n`, /line 2: .*longer one/],
  ])('refuses %s', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['too few columns', '2,Dune', 'expected 3 columns, found 2'],
    ['too many columns', '2,Dune,Herbert,1965', 'expected 3 columns, found 4'],
    ['an empty title', '2, ,Herbert', 'expected a title, found none'],
    [
      'text after a closing quote',
      '2,"Dune"x,Herbert',
      'a quote is closed in the middle of a field, or not at all',
    ],
    ['a quote that the next row ends', '2,"Dune,Herbert', 'a quote is opened and not closed'],
  ])('makes a row with %s a problem with its line, and goes on', async (_, row, problem) => {
    const rows = await read(
      `Id,Title,Author\n1,Emma,Austen\n${row}\n3,"Ubik","Dick, Philip K."\n4,Emil,Kästner\n`,
    );
    expect(titles(rows)).toEqual(['Emma', 3, 'Ubik', 'Emil']);
    expect(rows[1]).toEqual({ line: 3, problem });
  });

  it('reads the columns of a Goodreads export', async () => {
    const [row] = await read(
      'Book Id,Title,Author,Additional Authors,ISBN,ISBN13,Average Rating,Number of Pages,Original Publication Year,Bookshelves\n' +
        '1,"Good Omens",Terry Pratchett,Neil Gaiman,="0060853980","=""9780060853983""",4.24,491,1990,"to-read, humour"\n',
    );
    expect(row).toEqual({
      line: 2,
      book: {
        title: 'Good Omens',
        authors: ['Terry Pratchett', 'Neil Gaiman'],
        isbn: '9780060853983',
        averageRating: 4.24,
        pages: 491,
        year: 1990,
        shelves: ['humour'],
      },
    });
  });

  it('reads the columns of goodbooks-10k', async () => {
    const [row] = await read(
      'book_id,isbn,isbn13,authors,original_publication_year,original_title,title,average_rating\n' +
        '1,439023483,9.78043902348e+12,"Suzanne Collins, Somebody",2008.0,The Hunger Games,"The Hunger Games (#1)",4.34\n',
    );
    expect(row).toMatchObject({
      book: {
        title: 'The Hunger Games (#1)',
        authors: ['Suzanne Collins', 'Somebody'],
        year: 2008,
        averageRating: 4.34,
      },
    });
  });

  it('takes a byte order mark, Windows line ends, blank lines and line breaks in a field, and counts lines right', async () => {
    const rows = await read('\ufeffTitle,Author\r\n\r\n"Em\r\nma",Austen\r\n\r\nDune\r\nUbik,Dick\r\n');
    expect(titles(rows)).toEqual(['Em\r\nma', 6, 'Ubik']);
    expect(rows[2]?.line).toBe(7);
  });

  it('stops at the limit without an error', async () => {
    expect(titles(await read('Title\nA\nB\nC\n', 2))).toEqual(['A', 'B']);
  });

  it('gives the same rows wherever the stream is cut, and one for each title', async () => {
    const title = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(
        fc.array(title, { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        async (names, size) => {
          const quoted = names.map((name) => `"${name.replaceAll('"', '""')}",x\n`).join('');
          const found: string[] = [];
          for await (const row of readBooks(bytes(`Title,Author\n${quoted}`, size))) {
            found.push('book' in row ? row.book.title : row.problem);
          }
          expect(found).toEqual(names.map((name) => name.trim()));
        },
      ),
    );
  });

  it('reads the list of the example: 565 books, each with its own title, an author, a year and a genre', async () => {
    const books = [];
    for await (const row of readBooks(createReadStream(library))) if ('book' in row) books.push(row.book);
    expect(books).toHaveLength(565);
    expect(new Set(books.map((book) => book.title)).size).toBe(565);
    expect(books.filter((book) => !book.authors[0] || book.year === undefined || !book.shelves[0])).toEqual(
      [],
    );
  });
});
