import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeadLetterHandler, createFanIn, dynamoFanInStore, sendToQueue } from 'fanfold';
import { type Enrichment, enrich } from './enrich.js';
import { createAggregator } from './handlers/createAggregator.js';
import { createBooksWorker } from './handlers/createBooksWorker.js';
import { createOrchestrator } from './handlers/createOrchestrator.js';
import type { Job } from './handlers/messages.js';
import { retrySoon } from './handlers/retrySoon.js';
import { createJobFiles } from './jobFiles.js';

/** What the functions' environment has to say. */
export interface Environment {
  readonly TABLE_NAME: string;
  readonly BUCKET: string;
  readonly BOOKS_QUEUE_URL: string;
  readonly COMPLETIONS_QUEUE_URL: string;
  readonly API_URL: string;
}

/**
 * The four functions as they are deployed: `export const { worker } = createFunctions(process.env, invokeAgain)` in a
 * file of its own is a Lambda's entry. `invokeAgain` sends an asynchronous `InvokeCommand` to the orchestrator itself.
 */
export function createFunctions(environment: Environment, invokeAgain: (job: Job) => Promise<unknown>) {
  const { TABLE_NAME, BUCKET, BOOKS_QUEUE_URL, COMPLETIONS_QUEUE_URL, API_URL } = environment;
  const [dynamodb, sqs, s3] = [new DynamoDBClient({}), new SQSClient({}), new S3Client({})];
  const files = createJobFiles({ client: s3, bucket: BUCKET });
  const fanIn = createFanIn<Enrichment>({
    store: dynamoFanInStore({ client: dynamodb, tableName: TABLE_NAME }),
    onComplete: sendToQueue({ client: sqs, queueUrl: COMPLETIONS_QUEUE_URL }),
    storeResults: true,
  });
  const maxReceiveCount = 3;
  const worker = createBooksWorker({
    enrich: (book, signal) => enrich(API_URL, book, signal),
    ...{ fanIn, maxReceiveCount, concurrency: 10 },
  });
  return {
    orchestrator: createOrchestrator({ files, sqs, queueUrl: BOOKS_QUEUE_URL, fanIn, invokeAgain }),
    worker: retrySoon(worker, { sqs, queueUrl: BOOKS_QUEUE_URL, delaySeconds: 20, maxReceiveCount }),
    deadLetter: createDeadLetterHandler({ fanIn }),
    aggregator: createAggregator({ files, fanIn }),
  };
}
