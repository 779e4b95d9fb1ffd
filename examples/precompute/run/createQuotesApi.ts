import { setTimeout as pause } from 'node:timers/promises';
import { FanfoldError, NonRetryableError } from 'fanfold';
import type { CallOptions } from '../handlers/createPrecomputeWorker.js';

/** A stand-in for an API that throttles some tickers at first, and does not accept our key for others. */
export interface QuotesApi {
  fetchQuote(ticker: string, options: CallOptions): Promise<number>;
  /** How often it was asked for a ticker. */
  requests(ticker: string): number;
  /** Its answers of 429. */
  readonly throttled: number;
  /** Its answers of 401. */
  readonly refused: number;
}

export interface QuotesApiOptions {
  readonly latencyMs: number;
  /** Tickers that get 429 twice, then a quote. */
  readonly throttles: ReadonlySet<string>;
  /** Tickers that get 401. */
  readonly refuses: ReadonlySet<string>;
}

/** How often a throttled ticker is refused before it gets its quote. */
export const THROTTLED_TIMES = 2;

export function createQuotesApi({ latencyMs, throttles, refuses }: QuotesApiOptions): QuotesApi {
  const asked = new Map<string, number>();
  let [throttled, refused] = [0, 0];
  return {
    async fetchQuote(ticker, { signal }) {
      const before = asked.get(ticker) ?? 0;
      asked.set(ticker, before + 1);
      if (refuses.has(ticker)) {
        refused += 1;
        throw new NonRetryableError(`${ticker}: the quotes API answered 401`, { code: 'Unauthorized' });
      }
      if (throttles.has(ticker) && before % (THROTTLED_TIMES + 1) < THROTTLED_TIMES) {
        throttled += 1;
        const message = `${ticker}: the quotes API answered 429`;
        throw new FanfoldError('Throttled', message, { retryable: true });
      }
      await pause(latencyMs, undefined, { signal });
      return ticker.length;
    },
    requests: (ticker) => asked.get(ticker) ?? 0,
    get throttled() {
      return throttled;
    },
    get refused() {
      return refused;
    },
  };
}
