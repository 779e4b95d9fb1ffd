import {
  memoryBudgetStore,
  memoryFanInStore,
  memoryJobStore,
  memorySemaphoreStore,
  type QueueSinkOptions,
  type SqsBatchResponse,
} from 'fanfold';
import { lambdaContext, sqsEvent } from 'fanfold/testing';
import { describe, expect, it } from 'vitest';
import { createTradeFunctions } from '../../../../examples/trading/deploy.js';
import type { TradingEvent } from '../../../../examples/trading/events/tradingEvent.js';
import { orderRejected } from '../../../../examples/trading/trades/broker.js';
import type { Trade, TradeRun } from '../../../../examples/trading/trades/trade.js';

const trade = (trade_id: string, side: Trade['side'], amount_cents: number): Trade => ({
  ...{ trade_id, symbol: 'AAPL', side, amount_cents },
});
const run: TradeRun = {
  ...{ run_id: 'r', correlation_id: 'c', account_id: 'a' },
  ...{ equity_limit_cents: 1_000, failed_sell_limit_cents: 500 },
  trades: [
    trade('b1', 'BUY', 600),
    trade('s1', 'SELL', 300),
    trade('b2', 'BUY', 500),
    trade('s2', 'SELL', 501),
  ],
};

/** The functions over memory stores, and queues that keep what they are sent. */
function stage(rejected: readonly string[] = []) {
  const sent: Record<string, string[]> = { trades: [], phases: [] };
  const placed: string[] = [];
  const published: TradingEvent[] = [];
  const objects = new Map<string, string>();
  const stores = {
    ...{ jobs: memoryJobStore(), fanIns: memoryFanInStore() },
    ...{ budgets: memoryBudgetStore(), semaphores: memorySemaphoreStore() },
    claimCheck: {
      put: async (key: string, text: string) => objects.set(key, text),
      get: async (key: string) => objects.get(key) ?? '',
    },
  };
  const sqs: QueueSinkOptions['client'] = {
    async send({ input }: { input: { QueueUrl: string; MessageBody?: string; Entries?: object[] } }) {
      const entries = (input.Entries ?? [input]) as { Id?: string; MessageBody: string }[];
      for (const { MessageBody } of entries) sent[input.QueueUrl]?.push(MessageBody);
      return { Successful: entries.map(({ Id }) => ({ Id, MessageId: 'm' })) };
    },
  };
  const functions = createTradeFunctions({
    ...{ stores, sqs, tradesQueueUrl: 'trades', phasesQueueUrl: 'phases', backoff: { maxAttempts: 0 } },
    broker: {
      async place({ trade_id }) {
        if (rejected.includes(trade_id)) throw orderRejected(`${trade_id}: no`);
        placed.push(trade_id);
      },
    },
    publish: async (event) => {
      published.push(event);
    },
  });
  const deliver = async (name: 'worker' | 'phases' | 'tradeFailed', bodies: readonly string[]) =>
    (
      (await functions[name](
        sqsEvent(bodies.map((body, at) => ({ body, messageId: `${name}-${at}-${body.length}` }))),
      )) as SqsBatchResponse
    ).batchItemFailures.length;
  const take = (queue: 'trades' | 'phases') => sent[queue]?.splice(0) ?? [];
  return { functions, sent, placed, published, deliver, take };
}

describe('a run of trades', () => {
  it('publishes no BUY until the last SELL is settled, and ends with one event', async () => {
    const { functions, sent, placed, published, deliver, take } = stage();
    await functions.starter(run);
    const [first = '', second = ''] = take('trades');
    await deliver('worker', [first, first]);
    // The copy that found the trade under way is postponed.
    const copies = take('trades');
    expect(copies).toEqual([first]);
    expect(sent.phases).toEqual([]);
    await deliver('worker', [second, ...copies]);
    expect(placed).toEqual(['s1', 's2']);
    const sells = take('phases');
    await deliver('phases', [...sells, ...sells]);
    await deliver('worker', take('trades'));
    const buys = take('phases');
    await deliver('phases', buys);
    await deliver('phases', [...sells, ...buys]);
    expect(placed).toEqual(['s1', 's2', 'b1']);
    expect(published).toEqual([
      {
        detailType: 'AllTradesCompleted',
        detail: {
          ...{ correlation_id: 'c', run_id: 'r', account_id: 'a', buys_blocked: false },
          ...{ sells: { succeeded: 2, failed: 0 }, buys: { succeeded: 1, failed: 1 } },
          ...{ failed_sell_cents: 0, failed_sell_limit_cents: 500 },
          ...{ bought_cents: 600, equity_limit_cents: 1_000 },
        },
      },
    ]);
  });

  it('buys nothing when too much could not be sold, and says so', async () => {
    const { functions, placed, published, deliver, take } = stage(['s2']);
    await functions.starter(run);
    await deliver('worker', take('trades'));
    await deliver('phases', take('phases'));
    expect(take('trades')).toEqual([]);
    expect(placed).toEqual(['s1']);
    expect(published.map(({ detailType }) => detailType)).toEqual(['BuysBlocked', 'AllTradesCompleted']);
    expect(published[1]?.detail).toMatchObject({
      ...{ buys_blocked: true, failed_sell_cents: 501, bought_cents: 0 },
      block_reason: 'failed SELLs of 501 cents are over the limit of 500 cents',
    });
  });

  it('counts a SELL that ended as a dead letter, and never places a copy of it afterwards', async () => {
    const { functions, placed, published, deliver, take } = stage();
    await functions.starter(run);
    const [first = '', second = ''] = take('trades');
    await deliver('worker', [first]);
    expect(await deliver('tradeFailed', [second])).toBe(0);
    await deliver('phases', take('phases'));
    expect(published.at(-1)?.detail).toMatchObject({ buys_blocked: true, failed_sell_cents: 501 });
    expect(await deliver('worker', [second])).toBe(0);
    expect(placed).toEqual(['s1']);
  });

  it('takes a dead letter for a success where its job had succeeded', async () => {
    const { functions, published, deliver, take } = stage();
    const onlySells = { ...run, trades: run.trades.filter(({ side }) => side === 'SELL') };
    await functions.starter(onlySells);
    const messages = take('trades');
    await deliver('worker', messages);
    await deliver('tradeFailed', messages);
    for (const _ of ['sells', 'buys']) await deliver('phases', take('phases'));
    expect(published.at(-1)?.detail).toMatchObject({ sells: { succeeded: 2, failed: 0 } });
  });

  it('goes on where its starter died, and refuses other trades under the same id', async () => {
    const { functions, take } = stage();
    await functions.starter(run);
    await functions.starter(run);
    expect(take('trades')).toHaveLength(2);
    const other = { ...run, trades: [trade('s9', 'SELL', 1)] };
    await expect(functions.starter(other)).rejects.toMatchObject({ code: 'RunChanged', retryable: false });
  });

  it('pauses near the deadline, and goes on when it is called again', async () => {
    const { functions, take } = stage();
    const near = lambdaContext({ timeoutMs: 2_500 });
    await expect(functions.starter(run, near)).rejects.toMatchObject({ code: 'Paused', retryable: true });
    expect(take('trades')).toEqual([]);
    await functions.starter(run);
    expect(take('trades')).toHaveLength(2);
  });

  it('without trades ends too', async () => {
    const { functions, published, deliver, take } = stage();
    await functions.starter({ ...run, trades: [] });
    for (const _ of ['sells', 'buys']) await deliver('phases', take('phases'));
    expect(published).toMatchObject([{ detailType: 'AllTradesCompleted', detail: { bought_cents: 0 } }]);
  });

  it.each<[string, object]>([
    ['a fraction of a cent', { trades: [{ ...trade('t', 'BUY', 1), amount_cents: 0.5 }] }],
    ['a trade twice', { trades: [trade('t', 'BUY', 1), trade('t', 'SELL', 1)] }],
    ['a negative limit', { equity_limit_cents: -1 }],
    ['no side', { trades: [{ ...trade('t', 'BUY', 1), side: 'HOLD' }] }],
  ])('is refused before anything is published: %s', async (_what, change) => {
    const { functions, sent } = stage();
    await expect(functions.starter({ ...run, ...change })).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(sent).toEqual({ trades: [], phases: [] });
  });
});
