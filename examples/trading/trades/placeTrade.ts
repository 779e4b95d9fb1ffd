import { isFanfoldError, NonRetryableError } from 'fanfold';
import type { Publish } from '../events/tradingEvent.js';
import type { Broker } from './broker.js';
import type { Limits } from './createLimits.js';
import type { Filled, TradeMessage } from './trade.js';

export interface PlaceTradeParts {
  readonly broker: Broker;
  readonly limits: Limits;
  readonly publish: Publish;
}

/** Places one trade, within the limits of its run. May be called again for the same trade, after whatever went wrong. */
export type PlaceTrade = (message: TradeMessage, signal: AbortSignal) => Promise<Filled>;

const isRejected = (error: unknown) => isFanfoldError(error, 'OrderRejected');

/** Sells first, under the breaker; buys, within the equity. */
export function createPlaceTrade({ broker, limits, publish }: PlaceTradeParts): PlaceTrade {
  async function place({ run, trade }: TradeMessage, signal: AbortSignal): Promise<Filled> {
    const { trade_id, amount_cents } = trade;
    await broker.place({ ...trade, account_id: run.account_id, client_order_id: trade_id }, { signal });
    return { trade_id, filled_cents: amount_cents };
  }

  async function sell(message: TradeMessage, signal: AbortSignal): Promise<Filled> {
    const { run, trade } = message;
    try {
      return await place(message, signal);
    } catch (error) {
      if (!isRejected(error)) throw error;
      // Before the trade counts as failed: a process that dies here leaves it to the redelivery, which counts it once.
      const { total, crossed } = await limits.failedSells(run).record(trade.trade_id, trade.amount_cents);
      // An early warning, at least once. What blocks the buys is the total when the last SELL is settled.
      if (crossed) {
        const { run_id, correlation_id, account_id, failed_sell_limit_cents } = run;
        const detail = { run_id, correlation_id, account_id, failed_sell_limit_cents };
        await publish({ detailType: 'BuysBlocked', detail: { ...detail, failed_sell_cents: total } });
      }
      throw error;
    }
  }

  async function buy(message: TradeMessage, signal: AbortSignal): Promise<Filled> {
    const { run, trade } = message;
    const equity = limits.equity(run);
    const { reserved, released } = await equity.reserve(trade.trade_id, trade.amount_cents);
    if (!reserved) {
      // Released: an earlier delivery was rejected by the broker, and died before it could say so.
      const [reason, code] = released
        ? ['the broker rejected it before', 'OrderRejected']
        : ['no equity is left for it', 'EquityLimitReached'];
      throw new NonRetryableError(`${trade.trade_id}: ${reason}`, { code });
    }
    try {
      return await place(message, signal);
    } catch (error) {
      // Only a definite no gives the money back: an order whose reply was lost may have been placed.
      if (isRejected(error)) await equity.release(trade.trade_id);
      throw error;
    }
  }

  return (message, signal) => (message.trade.side === 'SELL' ? sell : buy)(message, signal);
}
