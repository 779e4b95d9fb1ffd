import {
  type BudgetStore,
  type LambdaHandler,
  memoryBudgetStore,
  memoryFanInStore,
  memoryJobStore,
  memorySemaphoreStore,
  retry,
  type SemaphoreStore,
} from 'fanfold';
import { createRandom } from '../../createRandom.js';
import { createConsumerFunction, createTradeFunctions, MAX_RECEIVE_COUNT } from '../deploy.js';
import type { ConsumedEvent } from '../events/createEventConsumer.js';
import { type Publish, SOURCE } from '../events/tradingEvent.js';
import { type AccountLog, createBroker } from '../run/createBroker.js';
import { makeRun } from '../run/makeTrades.js';
import { createSimulatedQueue } from './createSimulatedQueue.js';
import { createVirtualTime } from './createVirtualTime.js';
import { withFaults } from './withFaults.js';

/** What came of one simulated run. */
export interface SimulatedRun extends AccountLog {
  readonly seed: number;
  readonly equityLimitCents: number;
  readonly largestBuyCents: number;
  /** What all BUYs together ask for. */
  readonly wantedCents: number;
  readonly reservedCents: number;
  readonly saidBoughtCents: number;
  readonly buysBlocked: boolean;
  readonly saidWhy: boolean;
  readonly failedSellsAreOver: boolean;
  readonly deadLettered: number;
  readonly lostCalls: number;
  /** `AllTradesCompleted`: put, and effects at its consumer. */
  readonly put: number;
  readonly effects: number;
}

/** The stores of what holds trades back; a broken one shows that the promises would notice. */
export interface SimulatedLimits {
  readonly budgets?: BudgetStore;
  readonly semaphores?: SemaphoreStore;
}

/** Of the calls to every store and queue. */
const FAULT_RATE = 0.01;
const START_AT = 1_790_000_000_000;
const ALWAYS = { errorEquals: ['States.ALL'], intervalSeconds: 1, backoffRate: 1, maxAttempts: 100 };
/** Waits go by the virtual clock: what fails comes again after its visibility timeout. */
const NEVER = { maxAttempts: 0 };

/**
 * Runs the real handlers over memory stores in virtual time: every message comes twice and in no order, calls are lost
 * before or after they are applied, the broker rejects and loses replies. The same seed gives the same run.
 */
export async function simulateRun(seed: number, limits: SimulatedLimits = {}): Promise<SimulatedRun> {
  const { budgets = memoryBudgetStore(), semaphores = memorySemaphoreStore() } = limits;
  const random = createRandom(seed);
  const time = createVirtualTime(START_AT);
  // A third of the runs has no rejections, so that the equity is used up; a third more SELLs that fail.
  const kind = seed % 3;
  const run = makeRun(
    {
      runId: `run-${seed}`,
      trades: 20 + Math.floor(random() * 30),
      equityPart: 0.2 + random() * 0.7,
      failedSellPart: kind === 2 ? 0.05 : 1,
    },
    random,
  );
  const { broker, logOf } = createBroker({
    rejects: ({ side }) => kind !== 0 && random() < (side === 'SELL' && kind === 2 ? 0.15 : 0.1),
    losesReply: (_, request) => request < 4 && random() < 0.1,
    wait: () => time.sleep(20 + random() * 80),
  });
  let lostCalls = 0;
  const strike = () => {
    const drawn = random();
    if (drawn >= FAULT_RATE) return 'none';
    lostCalls += 1;
    return drawn < FAULT_RATE / 2 ? 'before' : 'after';
  };

  const objects = new Map<string, string>();
  const stores = {
    jobs: withFaults(memoryJobStore(), strike),
    fanIns: withFaults(memoryFanInStore(), strike),
    budgets: withFaults(budgets, strike),
    semaphores: withFaults(semaphores, strike),
    claimCheck: {
      put: async (key: string, text: string) => objects.set(key, text),
      get: async (key: string) => objects.get(key) ?? '',
    },
  };
  const effects: ConsumedEvent[] = [];
  const consumer = createConsumerFunction({ jobs: memoryJobStore() }, async (event) => {
    effects.push(event);
  });
  let put = 0;
  const publish: Publish = withFaults(
    {
      async publish({ detailType, detail }: Parameters<Publish>[0]) {
        if (detailType === 'AllTradesCompleted') put += 1;
        const event = { source: SOURCE, 'detail-type': detailType, detail };
        // At least once: twice.
        await consumer(event);
        await consumer(event);
      },
    },
    strike,
  ).publish;

  // The queues call the functions, and the functions send to the queues.
  const late: { worker?: LambdaHandler; tradeFailed?: LambdaHandler; phases?: LambdaHandler } = {};
  const calling =
    (name: keyof typeof late): LambdaHandler =>
    async (event) =>
      late[name]?.(event);
  const trades = createSimulatedQueue({
    ...{ time, random, handler: calling('worker'), concurrency: 3, batchSize: 10 },
    deadLetters: { maxReceiveCount: MAX_RECEIVE_COUNT, handler: calling('tradeFailed') },
  });
  const phases = createSimulatedQueue({
    ...{ time, random, handler: calling('phases'), concurrency: 2, batchSize: 1 },
  });
  const functions = createTradeFunctions({
    ...{ stores, publish, broker, time: { ...time, random }, backoff: NEVER },
    sqs: {
      send: (command: { readonly input: { readonly QueueUrl: string } }) =>
        (command.input.QueueUrl === 'phases' ? withFaults(phases.client, strike) : trades.client).send(
          command as never,
        ),
    },
    ...{ tradesQueueUrl: 'trades', phasesQueueUrl: 'phases' },
  });
  Object.assign(late, functions);

  const settled = async () => {
    await retry(() => functions.starter(run), ALWAYS, { sleep: time.sleep });
    while (!(trades.isEmpty && phases.isEmpty)) await Promise.all([trades.whenEmpty(), phases.whenEmpty()]);
  };
  await time.run(settled());
  const reserved = retry(() => functions.limits.equity(run).total(), ALWAYS, { sleep: time.sleep });
  const reservedCents = await time.run(reserved);

  const buys = run.trades.filter(({ side }) => side === 'BUY').map(({ amount_cents }) => amount_cents);
  const detail: Readonly<Record<string, unknown>> =
    effects.find((event) => event['detail-type'] === 'AllTradesCompleted')?.detail ?? {};
  return {
    ...{ seed, ...logOf(run.account_id), lostCalls, put, deadLettered: trades.deadLettered },
    equityLimitCents: run.equity_limit_cents,
    largestBuyCents: Math.max(0, ...buys),
    wantedCents: buys.reduce((a, b) => a + b, 0),
    ...{ reservedCents, saidBoughtCents: Number(detail.bought_cents) },
    buysBlocked: detail.buys_blocked === true,
    saidWhy: typeof detail.block_reason === 'string',
    failedSellsAreOver: Number(detail.failed_sell_cents) > run.failed_sell_limit_cents,
    effects: effects.filter((event) => event['detail-type'] === 'AllTradesCompleted').length,
  };
}
