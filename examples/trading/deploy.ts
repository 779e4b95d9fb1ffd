import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  type BudgetStore,
  type ClaimCheck,
  createFanIn,
  createJobs,
  createSweeper,
  type FanInStore,
  type JobStore,
  type QueueSinkOptions,
  type RetryPolicy,
  type SemaphoreStore,
  sendToQueue,
} from 'fanfold';
import { createConclude } from './events/createConclude.js';
import { createEventConsumer, type EventConsumerParts } from './events/createEventConsumer.js';
import { createPublish } from './events/createPublish.js';
import type { Publish, TradingEvent } from './events/tradingEvent.js';
import {
  createDataFetch,
  type DataFetchParts,
  type Fetched,
  type FetchRequest,
} from './fetch/createDataFetch.js';
import { concludeSession } from './strategies/concludeSession.js';
import { type AggregatorParts, createAggregator } from './strategies/createAggregator.js';
import { createAggregatorFailed } from './strategies/createAggregatorFailed.js';
import { createSessionStarter, type SessionEnvironment } from './strategies/createSessionStarter.js';
import { createShadowRunner } from './strategies/createShadowRunner.js';
import { createStrategyFailed } from './strategies/createStrategyFailed.js';
import { createStrategyWorker, type Evaluate } from './strategies/createStrategyWorker.js';
import type { StrategyResult } from './strategies/session.js';
import { startByInvoke, startByStepFunctions } from './strategies/startSession.js';
import type { Broker } from './trades/broker.js';
import { createLimits, type Time } from './trades/createLimits.js';
import { createPhaseHandler, type Gate } from './trades/createPhaseHandler.js';
import { createTradeFailed } from './trades/createTradeFailed.js';
import { createTradeStarter } from './trades/createTradeStarter.js';
import { createTradeWorker } from './trades/createTradeWorker.js';
import { createPlaceTrade } from './trades/placeTrade.js';
import { createPublishPhase } from './trades/publishPhase.js';
import type { Filled } from './trades/trade.js';

/** Of the queues' redrive policies. */
export const MAX_RECEIVE_COUNT = 3;
const BUSY_RETRY = { intervalSeconds: 0.1, backoffRate: 1.5, maxDelaySeconds: 2, maxAttempts: 40 };

/** The stores that all functions share; on AWS they are DynamoDB's, on one table, and S3's. */
export interface Stores {
  readonly jobs: JobStore;
  readonly fanIns: FanInStore;
  readonly budgets: BudgetStore;
  readonly semaphores: SemaphoreStore;
  /** `s3ClaimCheck({ client, bucket })` */
  readonly claimCheck: ClaimCheck;
}

export interface SessionDeployment {
  readonly stores: Stores;
  readonly lambda: LambdaClient;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  /** `process.env`: `USE_STEP_FUNCTIONS` switches the path. */
  readonly environment: SessionEnvironment;
  readonly strategyFunctionName: string;
  readonly aggregatorQueueUrl: string;
  readonly stateMachineArn: string | undefined;
  /** How long a session may take. */
  readonly deadlineMs: number;
  readonly evaluate: Evaluate;
  /** @default concludeSession */
  readonly aggregate?: AggregatorParts['aggregate'];
  readonly shadowPollMs?: number;
}

/** The functions of the strategies, as they are deployed. */
export function createSessionFunctions(deployment: SessionDeployment) {
  const { stores, lambda, sfn, sqs, events, environment, deadlineMs, evaluate } = deployment;
  const { aggregate = concludeSession, shadowPollMs = 500 } = deployment;
  const fanIn = createFanIn<StrategyResult>({
    ...{ store: stores.fanIns, storeResults: true, claimCheck: stores.claimCheck },
    onComplete: sendToQueue({ client: sqs, queueUrl: deployment.aggregatorQueueUrl }),
  });
  const jobs = createJobs<unknown, TradingEvent | null>({
    store: stores.jobs,
    claimCheck: stores.claimCheck,
  });
  const conclude = createConclude({ jobs, publish: createPublish(events) });
  const byInvoke = startByInvoke({
    ...{ lambda, functionName: deployment.strategyFunctionName, fanIn, deadlineMs, now: Date.now },
  });
  const byStepFunctions = startByStepFunctions({ sfn, stateMachineArn: deployment.stateMachineArn });
  return {
    jobs,
    starter: createSessionStarter({ environment, byInvoke, byStepFunctions, conclude }),
    shadow: createShadowRunner({ byInvoke, byStepFunctions, jobs, pollMs: shadowPollMs }),
    strategy: createStrategyWorker({ fanIn, evaluate, store: stores.claimCheck }),
    strategyFailed: createStrategyFailed(fanIn),
    aggregator: createAggregator({ fanIn, store: stores.claimCheck, conclude, aggregate }),
    aggregatorFailed: createAggregatorFailed(conclude),
    sweeper: createSweeper({ fanIn }),
  };
}

export interface TradeDeployment {
  readonly stores: Stores;
  /** An `SQSClient`. */
  readonly sqs: QueueSinkOptions['client'];
  /** `createPublish(new EventBridgeClient({}))` */
  readonly publish: Publish;
  readonly tradesQueueUrl: string;
  readonly phasesQueueUrl: string;
  readonly broker: Broker;
  /** How long a trade that died keeps its job, and how long a copy of one that is under way waits. @default 60_000 */
  readonly jobLeaseMs?: number;
  /** How a broker that does not answer is asked again, within one call. @default after 0.1, 0.2 and 0.4 s, with jitter */
  readonly backoff?: RetryPolicy;
  /** The clock of all records and limits, and how limits wait; for simulations. @default the clock */
  readonly time?: Time;
}

/** The functions of the trades, as they are deployed. */
export function createTradeFunctions(deployment: TradeDeployment) {
  const { stores, sqs, publish, tradesQueueUrl: queueUrl, phasesQueueUrl, broker, time } = deployment;
  const clock = time === undefined ? {} : { now: time.now };
  const jobs = { store: stores.jobs, leaseMs: deployment.jobLeaseMs ?? 60_000, ...clock };
  const fanIn = createFanIn<Filled>({
    ...{ store: stores.fanIns, storeResults: true, ...clock },
    onComplete: sendToQueue({ client: sqs, queueUrl: phasesQueueUrl }),
  });
  const store = stores.claimCheck;
  const conclude = createConclude({ jobs: createJobs(jobs), publish });
  const limits = createLimits({ ...stores, ...(time === undefined ? {} : { time }) });
  const tradeJobs = createJobs<unknown, Filled>(jobs);
  const publishPhase = createPublishPhase({ sqs, queueUrl, fanIn });
  return {
    limits,
    fanIn,
    starter: createTradeStarter({ jobs: createJobs(jobs), store, publishPhase }),
    worker: createTradeWorker({
      ...{ fanIn, jobs: tradeJobs, limits },
      placeTrade: createPlaceTrade({ broker, limits, publish }),
      ...{ sqs, queueUrl, maxReceiveCount: MAX_RECEIVE_COUNT },
      backoff: deployment.backoff ?? { intervalSeconds: 0.1, maxAttempts: 3, jitterStrategy: 'FULL' },
    }),
    tradeFailed: createTradeFailed({ fanIn, jobs: tradeJobs }),
    phases: createPhaseHandler({
      ...{ fanIn, jobs: createJobs<unknown, Gate>(jobs), store, limits },
      ...{ publishPhase, conclude, queue: { client: sqs, queueUrl: phasesQueueUrl } },
    }),
    sweeper: createSweeper({ fanIn }),
  };
}

/** The function for data on demand. */
export const createFetchFunction = (
  stores: Pick<Stores, 'jobs'>,
  parts: Pick<DataFetchParts, 'fetchData' | 'windowMs' | 'now'>,
) =>
  createDataFetch({
    ...{ jobs: createJobs<FetchRequest, Fetched>({ store: stores.jobs }), busyRetry: BUSY_RETRY },
    ...parts,
  });

/** A function behind a rule. */
export const createConsumerFunction = (stores: Pick<Stores, 'jobs'>, handle: EventConsumerParts['handle']) =>
  createEventConsumer({ jobs: createJobs({ store: stores.jobs }), handle });
