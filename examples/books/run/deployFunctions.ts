import {
  createDeadLetterHandler,
  createFanIn,
  dynamoFanInStore,
  type LambdaHandler,
  type OnComplete,
  sendToQueue,
} from 'fanfold';
import pLimit from 'p-limit';
import { type Enrichment, enrich } from '../enrich.js';
import type { Flags } from '../flags.js';
import { createAggregator } from '../handlers/createAggregator.js';
import { createBooksWorker } from '../handlers/createBooksWorker.js';
import { createOrchestrator } from '../handlers/createOrchestrator.js';
import { retrySoon } from '../handlers/retrySoon.js';
import { createTurns } from './createTurns.js';
import { type Limits, MAX_RECEIVE_COUNT } from './limits.js';
import type { Observer } from './observer.js';
import { type Stage, TABLE_NAME } from './startStage.js';

/** Longer than one `SendMessage` takes; a process that died over it is relieved soon. */
const LEASE_MS = 5_000;

export interface Deployment {
  readonly stage: Stage;
  readonly flags: Flags;
  readonly limits: Limits;
  readonly apiUrl: string;
  readonly observer: Observer;
}

/** The functions share the sockets and the memory of one process, which each of them has for itself on AWS. */
const LOOKUPS_AT_ONCE = 600;

/** Registers the four functions and connects them to their queues, as a deployment would. */
export async function deployFunctions({ stage, flags, limits, apiUrl, observer }: Deployment): Promise<void> {
  const { local, clients, queues } = stage;
  const { dynamodb, sqs, files } = clients;
  const { books, completions } = queues;
  const { inFlight, deliveries } = observer;
  const { workerTimeoutMs, visibilityTimeoutSeconds, aggregatorTimeoutMs } = limits;

  const send = sendToQueue({ client: sqs, queueUrl: completions.queueUrl });
  const onComplete: OnComplete = async (summary, context) => {
    await send(summary, context);
    observer.delivered();
  };
  const store = dynamoFanInStore({ client: dynamodb, tableName: TABLE_NAME });
  const fanIn = createFanIn<Enrichment>({ store, onComplete, storeResults: true, leaseMs: LEASE_MS });

  const orchestrator = createOrchestrator({
    ...{ files, sqs, queueUrl: books.queueUrl, fanIn },
    invokeAgain: (job) => local.lambda.invokeAsync('orchestrator', job),
  });
  const inTurn = pLimit(LOOKUPS_AT_ONCE);
  const worker = createBooksWorker({
    enrich: (book, signal) => inTurn(() => inFlight.track(() => enrich(apiUrl, book, signal))),
    fanIn,
    concurrency: flags.workerConcurrency,
    maxReceiveCount: MAX_RECEIVE_COUNT,
  });
  const failedSoon = retrySoon(deliveries.watch(worker), {
    ...{ sqs, queueUrl: books.queueUrl, maxReceiveCount: MAX_RECEIVE_COUNT, delaySeconds: 1 },
  });
  const deadLetter = observer.watchDeadLetters(createDeadLetterHandler({ fanIn }));
  const aggregator = createAggregator({ files, fanIn, onCompleted: observer.completed });
  const firstDelivery: LambdaHandler = (event, context) => {
    observer.delivered();
    return aggregator(event, context);
  };

  local.lambda.register('orchestrator', orchestrator, {
    timeoutMs: 900_000,
    onFailure: ({ error }) => observer.abort(error),
  });
  const turns = createTurns();
  // A call that is throttled waits, and one that was killed never ends: places would run out.
  if (!flags.chaos) turns.limit(dynamodb);
  local.lambda.register('worker', turns.inOrder(failedSoon), {
    timeoutMs: workerTimeoutMs,
    concurrency: flags.concurrency,
  });
  local.lambda.register('deadLetter', deadLetter, { timeoutMs: visibilityTimeoutSeconds * 1_000 });
  local.lambda.register('aggregator', firstDelivery, { timeoutMs: aggregatorTimeoutMs });

  const { batchSize, ramp } = flags;
  await local.mapQueue({ queueUrl: books.queueUrl, functionName: 'worker', batchSize, ramp });
  await local.mapQueue({ queueUrl: books.deadLetterQueueUrl, functionName: 'deadLetter' });
  await local.mapQueue({ queueUrl: completions.queueUrl, functionName: 'aggregator', batchSize: 1 });
}
