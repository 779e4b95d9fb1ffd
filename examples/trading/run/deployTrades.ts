import type { LambdaHandler, SqsRecord } from 'fanfold';
import { createTradeFunctions, MAX_RECEIVE_COUNT } from '../deploy.js';
import { createPublish } from '../events/createPublish.js';
import type { Broker } from '../trades/broker.js';
import { createEventLog } from './createEventLog.js';
import type { Stage } from './startStage.js';

const TIMEOUT_MS = 15_000;
/** A copy of a trade that is under way comes back after it. */
const JOB_LEASE_MS = 5_000;
/** What is reported, such as what came while the completion was being delivered, comes again after it. */
const VISIBILITY_SECONDS = 15;
/** Of the worker at once: twice as many trades as an account may run. */
const INVOCATIONS = 2;

const tradeOf = ({ body }: SqsRecord) =>
  (JSON.parse(body) as { payload: { trade: { trade_id: string } } }).payload.trade.trade_id;

/** Hands every batch to the worker twice: a FIFO queue repeats a message, but never while its group is being worked on. */
const twice =
  (worker: LambdaHandler): LambdaHandler =>
  async (event, context) => {
    await worker(event, context);
    return worker(event, context);
  };

/** Registers the functions of the trades and connects their queues, as a deployment would. */
export async function deployTrades(stage: Stage, broker: Broker, fifo: boolean) {
  const { local, stores, sqs, events } = stage;
  const settings = { visibilityTimeoutSeconds: VISIBILITY_SECONDS, maxReceiveCount: MAX_RECEIVE_COUNT };
  const trades = await local.createQueue('trades', { ...settings, fifo });
  const phases = await local.createQueue('phases', settings);
  const log = createEventLog(local, stores);
  const functions = createTradeFunctions({
    ...{ stores, sqs, publish: createPublish(events), broker, jobLeaseMs: JOB_LEASE_MS },
    ...{ tradesQueueUrl: trades.queueUrl, phasesQueueUrl: phases.queueUrl },
  });
  const deliveries = new Map<string, number>();
  const counted: LambdaHandler = (event, context) => {
    for (const record of (event as { Records: readonly SqsRecord[] }).Records) {
      const id = tradeOf(record);
      deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
    }
    return functions.worker(event, context);
  };
  const register = (name: string, handler: LambdaHandler) =>
    local.lambda.register(name, handler, { timeoutMs: TIMEOUT_MS });
  register('startTrades', functions.starter);
  register('trade', fifo ? twice(counted) : counted);
  register('tradeFailed', functions.tradeFailed);
  register('phase', functions.phases);
  const mapped = { functionName: 'trade', maximumConcurrency: INVOCATIONS };
  await local.mapQueue({ queueUrl: trades.queueUrl, ...mapped });
  await local.mapQueue({ queueUrl: trades.deadLetterQueueUrl ?? '', functionName: 'tradeFailed' });
  await local.mapQueue({ queueUrl: phases.queueUrl, functionName: 'phase', batchSize: 1 });
  const queueUrls = [trades.queueUrl, phases.queueUrl];
  return { log, limits: functions.limits, deliveries, queueUrls };
}

export type DeployedTrades = Awaited<ReturnType<typeof deployTrades>>;
