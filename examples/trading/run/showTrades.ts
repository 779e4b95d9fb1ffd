import { createRandom } from '../../createRandom.js';
import type { Order } from '../trades/broker.js';
import type { TradeRun } from '../trades/trade.js';
import { type AccountLog, createBroker } from './createBroker.js';
import { type DeployedTrades, deployTrades } from './deployTrades.js';
import { makeRun, type RunShape } from './makeTrades.js';
import type { TradeRunReport, TradesResult } from './result.js';
import { startStage } from './startStage.js';
import { waitFor } from './waitFor.js';

export interface TradesOptions {
  readonly trades: number;
  readonly fifo: boolean;
  readonly seed: number;
}

/** Of the orders of a run, whether the broker rejects them. */
const rejections: Readonly<Record<string, (order: Order) => boolean>> = {
  filled: () => false,
  released: ({ side, trade_id }) => side === 'BUY' && trade_id.endsWith('5'),
  blocked: ({ side, trade_id }) => side === 'SELL' && trade_id.endsWith('0'),
};

const shapes = (trades: number): readonly RunShape[] => {
  const few = Math.max(20, Math.floor(trades / 5));
  return [
    { runId: 'filled', trades, equityPart: 0.6, failedSellPart: 0.05 },
    { runId: 'released', trades: few, equityPart: 1, failedSellPart: 0.05 },
    { runId: 'blocked', trades: few, equityPart: 0.6, failedSellPart: 0.001 },
  ];
};

async function report(
  { log, limits, deliveries }: DeployedTrades,
  { trades, ...run }: TradeRun,
  account: AccountLog,
): Promise<TradeRunReport> {
  const buys = trades.filter(({ side }) => side === 'BUY');
  const detail: Readonly<Record<string, unknown>> =
    log.effectOf(run.correlation_id, 'AllTradesCompleted')?.detail ?? {};
  const counts = trades.map(({ trade_id }) => deliveries.get(trade_id) ?? 0);
  const { block_reason: blockReason } = detail;
  // Those of a phase that was never published are delivered to nobody.
  const delivered = counts.filter((count) => count > 0);
  return {
    ...{ run: run.run_id, trades: trades.length, sells: trades.length - buys.length, buys: buys.length },
    deliveries: counts.reduce((a, b) => a + b, 0),
    fewestDeliveries: Math.min(...delivered),
    ...account,
    saidBoughtCents: Number(detail.bought_cents),
    reservedCents: await limits.equity(run).total(),
    equityLimitCents: run.equity_limit_cents,
    largestBuyCents: Math.max(0, ...buys.map(({ amount_cents }) => amount_cents)),
    failedSellCents: Number(detail.failed_sell_cents),
    failedSellLimitCents: run.failed_sell_limit_cents,
    buysBlocked: detail.buys_blocked === true,
    ...(typeof blockReason === 'string' ? { blockReason } : {}),
    allTradesCompleted: log.countsOf(run.correlation_id, 'AllTradesCompleted'),
  };
}

/** Runs trades of three accounts at once, every message and every event delivered twice. */
export async function showTrades({ trades, fifo, seed }: TradesOptions): Promise<TradesResult> {
  const stage = await startStage({ seed, duplicateRate: 1 });
  const { local } = stage;
  const runOf = ({ account_id }: Order) => account_id.replace('account-', '');
  const { broker, logOf } = createBroker({
    rejects: (order) => rejections[runOf(order)]?.(order) ?? false,
    losesReply: ({ amount_cents }, request) => request === 1 && amount_cents % 17 === 0,
  });
  try {
    const deployed = await deployTrades(stage, broker, fifo);
    const random = createRandom(seed);
    const runs = shapes(trades).map((shape) => makeRun(shape, random));
    for (const run of runs) await local.lambda.invoke('startTrades', run);
    // A starter that is called again changes nothing.
    for (const run of runs) await local.lambda.invokeAsync('startTrades', run);
    await waitFor('every run ends with AllTradesCompleted', () =>
      runs.every(({ correlation_id: id }) => deployed.log.effectOf(id, 'AllTradesCompleted') !== undefined),
    );
    await waitFor('empty queues', async () => {
      const depths = await Promise.all(deployed.queueUrls.map((queueUrl) => local.queueDepth(queueUrl)));
      return depths.every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
    });
    const reports = await Promise.all(runs.map((run) => report(deployed, run, logOf(run.account_id))));
    return { queue: fifo ? 'fifo' : 'standard', runs: reports };
  } finally {
    await stage.stop();
  }
}
