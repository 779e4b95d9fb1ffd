/** How the tickers reach the worker. */
export type Way = 'map' | 'sqs';

/** How a run was asked for. */
export interface Flags {
  /** How many tickers there are. */
  readonly items: number;
  /** How many of them the quotes API refuses for good: the last ones. */
  readonly fail: number;
  /** How long the quotes API and the database each take, in ms. */
  readonly latencyMs: number;
  readonly via: Way | 'both';
  readonly json: boolean;
}

/** The most tickers of which an inline Map can hand on input and results together: 256 KiB. */
export const MOST_BY_MAP = 1_000;
