import { setTimeout as pause } from 'node:timers/promises';
import { FanfoldError } from 'fanfold';
import type { CallOptions } from '../handlers/createPrecomputeWorker.js';

/** A stand-in for a database that takes so many connections and no more. */
export interface Database {
  saveQuote(ticker: string, quote: number, options: CallOptions): Promise<void>;
  /** How many connections it refused, as MySQL does: error 1040. */
  readonly refused: number;
  /** The most connections that were open at once. */
  readonly peak: number;
}

export function createDatabase(options: {
  readonly maxConnections: number;
  readonly latencyMs: number;
}): Database {
  const { maxConnections, latencyMs } = options;
  let [open, peak, refused] = [0, 0, 0];
  return {
    async saveQuote(ticker, _quote, { signal }) {
      if (open === maxConnections) {
        refused += 1;
        throw new FanfoldError('1040', `${ticker}: 1040 Too many connections`, { retryable: true });
      }
      open += 1;
      peak = Math.max(peak, open);
      try {
        await pause(latencyMs, undefined, { signal });
      } finally {
        open -= 1;
      }
    },
    get refused() {
      return refused;
    },
    get peak() {
      return peak;
    },
  };
}
