import type { Row } from '../csv/book.js';
import type { Enrichment } from '../enrich.js';
import { decadeOf, decadeRank, pageLabel, pageLabels, toSortedCounts } from './buckets.js';
import { type Dashboard, type Failure, SHOWN_FAILURES, UNKNOWN } from './dashboard.js';

/** One row of the file with what became of it. */
export type MergedRow = { readonly index: number; readonly row: Row } & (
  | { readonly enrichment: Enrichment }
  | { readonly reason: string }
);

const TOP_RATED = 10;
const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
const mean = (sum: number, count: number) => (count === 0 ? 0 : round(sum / count, 3));

/**
 * Folds rows into the dashboard, one at a time, in memory that does not grow with the file. Where the file itself
 * knows the pages or the rating of a book, that counts, and not what the API said.
 */
export function createFold() {
  const decades = new Map<string, number>();
  const genres = new Map<string, number>();
  const ratings = new Map<string, { sum: number; count: number }>();
  const pages = new Map(pageLabels.map((label) => [label, 0]));
  const failures: Failure[] = [];
  let top: Dashboard['topRated'] = [];
  const totals = { books: 0, enriched: 0, failed: 0, pages: 0, ratingSum: 0, rated: 0 };
  const count = (map: Map<string, number>, label: string) => map.set(label, (map.get(label) ?? 0) + 1);

  function rate(genre: string, rating: number, title: string, authors: readonly string[]): void {
    const ofGenre = ratings.get(genre) ?? { sum: 0, count: 0 };
    ratings.set(genre, { sum: ofGenre.sum + rating, count: ofGenre.count + 1 });
    totals.ratingSum += rating;
    totals.rated += 1;
    const better = [...top, { title, authors: authors.join(', '), rating }];
    top = better.sort((a, b) => b.rating - a.rating || (a.title < b.title ? -1 : 1)).slice(0, TOP_RATED);
  }

  return {
    add(merged: MergedRow): void {
      const { index, row } = merged;
      const book = 'book' in row ? row.book : undefined;
      totals.books += 1;
      const enrichment = 'enrichment' in merged ? merged.enrichment : undefined;
      const genre = book?.shelves[0] ?? enrichment?.categories[0]?.toLowerCase() ?? UNKNOWN;
      count(decades, decadeOf(book?.year));
      count(genres, genre);
      if ('reason' in merged) {
        totals.failed += 1;
        const title = book?.title ?? `(line ${row.line})`;
        if (failures.length < SHOWN_FAILURES) failures.push({ index, title, reason: merged.reason });
        return;
      }
      totals.enriched += 1;
      const length = book?.pages ?? enrichment?.pages;
      if (length !== undefined) {
        count(pages, pageLabel(length));
        totals.pages += length;
      }
      const rating = book?.averageRating ?? enrichment?.rating;
      if (rating !== undefined && book) rate(genre, rating, book.title, book.authors);
    },

    finish(job: Pick<Dashboard, 'id' | 'completedAt' | 'completionReason'>): Dashboard {
      const { books, enriched, failed } = totals;
      return {
        ...job,
        books,
        enriched,
        failed,
        averageRating: mean(totals.ratingSum, totals.rated),
        totalPages: totals.pages,
        decades: toSortedCounts(decades, decadeRank),
        genres: toSortedCounts(genres, (genre) => (genre === UNKNOWN ? 1 : -(genres.get(genre) ?? 0))),
        ratingsByGenre: [...ratings]
          .map(([genre, { sum, count: of }]) => ({ genre, books: of, averageRating: mean(sum, of) }))
          .sort((a, b) => b.averageRating - a.averageRating || (a.genre < b.genre ? -1 : 1)),
        pages: [...pages].map(([label, of]) => ({ label, books: of })),
        topRated: top,
        failures,
      };
    },
  };
}
