import type { Book } from './book.js';

/** The names that a column goes by, Goodreads' own first, then those of goodbooks-10k; compared in snake case. */
const names = {
  title: ['title'],
  authors: ['author', 'authors'],
  additionalAuthors: ['additional_authors'],
  isbn: ['isbn'],
  isbn13: ['isbn13'],
  year: ['original_publication_year', 'year_published'],
  pages: ['number_of_pages', 'pages'],
  averageRating: ['average_rating'],
  shelves: ['bookshelves'],
} as const;

/** Where each column stands in a row; `title` is the only one that must be there. */
export type Columns = Readonly<Partial<Record<keyof typeof names, number>>> & { readonly title: number };

const snakeCase = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');

/** Finds the columns by the header; `undefined` where there is no title. */
export function findColumns(header: readonly string[]): Columns | undefined {
  const found = header.map(snakeCase);
  const columns: Partial<Record<keyof typeof names, number>> = {};
  for (const [name, aliases] of Object.entries(names) as [keyof typeof names, readonly string[]][]) {
    const position = aliases.map((alias) => found.indexOf(alias)).find((index) => index >= 0);
    if (position !== undefined) columns[name] = position;
  }
  return columns.title === undefined ? undefined : { ...columns, title: columns.title };
}

/** Shelves that say what became of a book, not what it is about. */
const statusShelves = new Set(['to-read', 'currently-reading', 'read', 'owned', 'favorites', 'favourites']);

const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Spreadsheets are told that an ISBN is text: `="0439785960"`. */
const isbnIn = (text: string) => text.replace(/[="\s-]/g, '').toUpperCase();

/** A number as the exports write it: `1997`, `2008.0`, `-441`. */
function numberIn(text: string, min: number, max: number): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return value >= min && value <= max ? value : undefined;
}

/** One row as a book; `undefined` when its title is empty. What is blank or makes no sense is left out. */
export function toBook(fields: readonly string[], columns: Columns): Book | undefined {
  const at = (name: keyof Columns) => fields[columns[name] ?? -1]?.trim() ?? '';
  const title = at('title');
  if (title === '') return undefined;
  const isbn = [isbnIn(at('isbn13')), isbnIn(at('isbn'))].find((text) => /^(\d{9}[\dX]|\d{13})$/.test(text));
  const year = numberIn(at('year'), -4_000, 2_200);
  const pages = numberIn(at('pages'), 1, 100_000);
  const averageRating = numberIn(at('averageRating'), 0.01, 5);
  return {
    title,
    authors: [...list(at('authors')), ...list(at('additionalAuthors'))],
    ...(isbn === undefined ? {} : { isbn }),
    ...(year === undefined ? {} : { year: Math.trunc(year) }),
    ...(pages === undefined ? {} : { pages: Math.trunc(pages) }),
    ...(averageRating === undefined ? {} : { averageRating }),
    shelves: list(at('shelves')).filter((shelf) => !statusShelves.has(shelf)),
  };
}
