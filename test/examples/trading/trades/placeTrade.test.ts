import { FanfoldError, memoryBudgetStore, memorySemaphoreStore } from 'fanfold';
import { describe, expect, it } from 'vitest';
import type { TradingEvent } from '../../../../examples/trading/events/tradingEvent.js';
import { orderRejected } from '../../../../examples/trading/trades/broker.js';
import { createLimits } from '../../../../examples/trading/trades/createLimits.js';
import { createPlaceTrade } from '../../../../examples/trading/trades/placeTrade.js';
import type { RunFacts, Trade } from '../../../../examples/trading/trades/trade.js';

const run: RunFacts = {
  ...{ run_id: 'r', correlation_id: 'c', account_id: 'a' },
  ...{ equity_limit_cents: 1_000, failed_sell_limit_cents: 500 },
};
const signal = new AbortController().signal;
const message = (trade_id: string, side: Trade['side'], amount_cents: number) => ({
  run,
  trade: { trade_id, symbol: 'AAPL', side, amount_cents },
});

function stage() {
  const limits = createLimits({ budgets: memoryBudgetStore(), semaphores: memorySemaphoreStore() });
  const orders: string[] = [];
  const published: TradingEvent[] = [];
  const answers: ((() => void) | undefined)[] = [];
  const placeTrade = createPlaceTrade({
    limits,
    broker: {
      async place({ client_order_id }) {
        orders.push(client_order_id);
        answers.shift()?.();
      },
    },
    publish: async (event) => {
      published.push(event);
    },
  });
  const rejects = () => {
    throw orderRejected('no');
  };
  const losesReply = () => {
    throw new FanfoldError('BrokerUnreachable', 'the reply was lost', { retryable: true });
  };
  return { limits, orders, published, answers, placeTrade, rejects, losesReply };
}

describe('a BUY', () => {
  it('that does not fit is not sent to the broker', async () => {
    const { placeTrade, orders, limits } = stage();
    await placeTrade(message('b1', 'BUY', 900), signal);
    const refused = placeTrade(message('b2', 'BUY', 101), signal);
    await expect(refused).rejects.toMatchObject({ code: 'EquityLimitReached', retryable: false });
    expect(orders).toEqual(['b1']);
    expect(await limits.equity(run).total()).toBe(900);
  });

  it('that the broker rejects gives its money back, for others and not for itself', async () => {
    const { placeTrade, orders, answers, rejects, limits } = stage();
    answers.push(rejects);
    await expect(placeTrade(message('b1', 'BUY', 900), signal)).rejects.toMatchObject({
      code: 'OrderRejected',
    });
    expect(await limits.equity(run).total()).toBe(0);
    // The process had died before the rejection was recorded: it comes again.
    await expect(placeTrade(message('b1', 'BUY', 900), signal)).rejects.toMatchObject({
      code: 'OrderRejected',
    });
    expect(orders).toEqual(['b1']);
    await placeTrade(message('b2', 'BUY', 1_000), signal);
  });

  it('whose reply was lost keeps its money: it may have been placed', async () => {
    const { placeTrade, answers, losesReply, limits } = stage();
    answers.push(losesReply);
    await expect(placeTrade(message('b1', 'BUY', 900), signal)).rejects.toMatchObject({ retryable: true });
    expect(await limits.equity(run).total()).toBe(900);
    await placeTrade(message('b1', 'BUY', 900), signal);
    expect(await limits.equity(run).total()).toBe(900);
  });

  it('counts once though ten come at once', async () => {
    const { placeTrade, limits } = stage();
    await Promise.all(Array.from({ length: 10 }, () => placeTrade(message('b1', 'BUY', 1_000), signal)));
    expect(await limits.equity(run).total()).toBe(1_000);
  });
});

describe('a SELL', () => {
  it('that the broker rejects is counted as failed before it is told, once', async () => {
    const { placeTrade, answers, rejects, limits } = stage();
    answers.push(rejects, rejects);
    for (const _ of [1, 2])
      await expect(placeTrade(message('s1', 'SELL', 400), signal)).rejects.toMatchObject({
        code: 'OrderRejected',
      });
    expect(await limits.failedSells(run).total()).toBe(400);
  });

  it('that crosses the threshold warns, and only that one', async () => {
    const { placeTrade, answers, rejects, published } = stage();
    answers.push(rejects, rejects, rejects);
    for (const [id, cents] of [
      ['s1', 400],
      ['s2', 101],
      ['s3', 400],
    ] as const)
      await placeTrade(message(id, 'SELL', cents), signal).catch(() => undefined);
    expect(published).toMatchObject([
      { detailType: 'BuysBlocked', detail: { run_id: 'r', failed_sell_cents: 501 } },
    ]);
  });

  it('whose reply was lost has not failed', async () => {
    const { placeTrade, answers, losesReply, limits } = stage();
    answers.push(losesReply);
    await expect(placeTrade(message('s1', 'SELL', 400), signal)).rejects.toMatchObject({ retryable: true });
    expect(await limits.failedSells(run).total()).toBe(0);
  });
});
