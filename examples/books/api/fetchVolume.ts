import { FanfoldError, NonRetryableError } from 'fanfold';
import { request } from 'undici';
import type { Book } from '../csv/book.js';
import type { VolumeInfo, VolumeList } from './volume.js';

export interface FetchVolumeOptions {
  /** 1 for the first try. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** A quote would end the phrase that is searched for. */
const phrase = (text: string) => `"${text.replaceAll('"', ' ').trim()}"`;

/** The query of Google Books' search for one book. */
export function volumesUrl(apiUrl: string, { title, authors }: Book): URL {
  const url = new URL('books/v1/volumes', apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  const author = authors[0] === undefined ? '' : `+inauthor:${phrase(authors[0])}`;
  url.searchParams.set('q', `intitle:${phrase(title)}${author}`);
  url.searchParams.set('maxResults', '1');
  return url;
}

/**
 * Looks a book up. An answer that can be better next time is an error with a code to retry by (`Throttled`,
 * `Unavailable`, `BackendError`); one that cannot, a redirect among them, is a
 * `NonRetryableError`.
 */
export async function fetchVolume(
  apiUrl: string,
  book: Book,
  options: FetchVolumeOptions,
): Promise<VolumeInfo> {
  const { attempt, signal } = options;
  // A third of what the global fetch() costs, which counts where one process stands in for 400 functions.
  const { statusCode, body } = await request(volumesUrl(apiUrl, book), {
    headers: { 'x-attempt': String(attempt) },
    signal,
  });
  if (statusCode !== 200) {
    // The body is read to its end, or the connection could not be used again.
    await body.dump();
    throw toError(statusCode);
  }
  const { items = [] } = (await body.json()) as VolumeList;
  const volume = items[0]?.volumeInfo;
  if (volume === undefined) throw new NonRetryableError('the API knows no such book', { code: 'NotFound' });
  return volume;
}

function toError(status: number): Error {
  const message = `the API answered ${status}`;
  if (status === 429) return new FanfoldError('Throttled', message, { retryable: true });
  if (status === 503) return new FanfoldError('Unavailable', message, { retryable: true });
  if (status >= 500) return new FanfoldError('BackendError', message, { retryable: true });
  return new NonRetryableError(message, { code: status === 404 ? 'NotFound' : 'BadRequest' });
}
