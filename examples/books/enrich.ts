import { retry } from 'fanfold';
import { fetchVolume } from './api/fetchVolume.js';
import type { Book } from './csv/book.js';

/** What the API adds to a book; kept as the item's result until the aggregator folds it in. */
export interface Enrichment {
  readonly pages?: number;
  readonly rating?: number;
  readonly categories: readonly string[];
}

/** Cured on the spot; anything else goes back to the queue, which tries again later and elsewhere. */
const transient = {
  errorEquals: ['Throttled', 'Unavailable'],
  intervalSeconds: 0.2,
  maxAttempts: 3,
  jitterStrategy: 'FULL',
} as const;

/** Asks the API about one book. Reading only, so that running it twice does no harm. */
export async function enrich(apiUrl: string, book: Book, signal: AbortSignal): Promise<Enrichment> {
  const lookUp = (attempt: number) => fetchVolume(apiUrl, book, { attempt, signal });
  const { pageCount, averageRating, categories = [] } = await retry(lookUp, transient, { signal });
  return {
    ...(pageCount === undefined ? {} : { pages: pageCount }),
    ...(averageRating === undefined ? {} : { rating: averageRating }),
    categories,
  };
}
