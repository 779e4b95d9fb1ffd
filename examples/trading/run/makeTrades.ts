import type { Trade, TradeRun } from '../trades/trade.js';

/** A number from 0 to 1, the next of a stream that depends on its seed alone. */
export type Random = () => number;

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface RunShape {
  readonly runId: string;
  readonly trades: number;
  /** What may be bought, as a part of what all BUYs ask for. */
  readonly equityPart: number;
  /** What may fail to be sold, as a part of what all SELLs offer. */
  readonly failedSellPart: number;
}

const SYMBOLS = ['AAPL', 'AMZN', 'COST', 'GOOGL', 'JPM', 'MSFT', 'NVDA', 'XOM'];
const LARGEST_CENTS = 500_000;

const sumOf = (trades: readonly Trade[], side: Trade['side']) =>
  trades.reduce((sum, trade) => (trade.side === side ? sum + trade.amount_cents : sum), 0);

/** A run of trades, half of them SELLs, mixed. */
export function makeRun(
  { runId, trades: count, equityPart, failedSellPart }: RunShape,
  random: Random,
): TradeRun {
  const trades = Array.from({ length: count }, (_, at): Trade => {
    const symbol = SYMBOLS[Math.floor(random() * SYMBOLS.length)] ?? 'AAPL';
    const side = at % 2 === 0 ? 'BUY' : 'SELL';
    const amount_cents = 1 + Math.floor(random() * LARGEST_CENTS);
    return { trade_id: `${runId}-${at + 1}`, symbol, side, amount_cents };
  });
  return {
    ...{ run_id: runId, correlation_id: runId, account_id: `account-${runId}`, trades },
    equity_limit_cents: Math.floor(sumOf(trades, 'BUY') * equityPart),
    failed_sell_limit_cents: Math.floor(sumOf(trades, 'SELL') * failedSellPart),
  };
}
