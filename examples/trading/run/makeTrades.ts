import type { Random } from '../../createRandom.js';
import type { Trade, TradeRun } from '../trades/trade.js';

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
