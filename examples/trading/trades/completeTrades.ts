import type { OutcomeCounts } from 'fanfold';
import type { TradingEvent } from '../events/tradingEvent.js';
import type { Gate } from './createPhaseHandler.js';
import type { RunFacts } from './trade.js';

export interface TradesEnd {
  readonly run: RunFacts;
  readonly gate: Gate;
  readonly sells: OutcomeCounts | undefined;
  readonly buys?: OutcomeCounts | undefined;
  readonly bought_cents: number;
}

/** The event that ends a run of trades. Pure. */
export function completeTrades({ run, gate, sells, buys, bought_cents }: TradesEnd): TradingEvent {
  const { run_id, correlation_id, account_id, equity_limit_cents, failed_sell_limit_cents } = run;
  const { failed_sell_cents, buys_blocked } = gate;
  const reason = `failed SELLs of ${failed_sell_cents} cents are over the limit of ${failed_sell_limit_cents} cents`;
  const counts = (of: OutcomeCounts | undefined) => ({
    ...{ succeeded: of?.succeeded ?? 0, failed: of === undefined ? 0 : of.expected - of.succeeded },
  });
  const detail = {
    ...{ correlation_id, run_id, account_id, buys_blocked },
    ...(buys_blocked ? { block_reason: reason } : {}),
    ...{ sells: counts(sells), buys: counts(buys) },
    ...{ failed_sell_cents, failed_sell_limit_cents, bought_cents, equity_limit_cents },
  };
  return { detailType: 'AllTradesCompleted', detail };
}
