import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { tableDefinition } from 'fanfold';
import { type CreatedQueue, type Local, startLocal } from 'fanfold/local';
import type { Flags } from '../flags.js';
import { createJobFiles, type JobFiles } from '../jobFiles.js';
import { chaosRates, strikeEachOnce } from './chaos.js';
import { type Limits, MAX_RECEIVE_COUNT } from './limits.js';
import { unitsLabel } from './unitsLabel.js';

export const TABLE_NAME = 'fanfold';
const BUCKET = 'books';
/** What the SDK does in every call for AWS's statistics and for a logger; here 400 functions share one processor. */
const FOR_AWS_ONLY = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];
/** The job's own functions, beside the workers. */
const OTHER_FUNCTIONS = 10;

/** Everything that a deployment would have before its functions: table, bucket, queues, and clients for them. */
export interface Stage {
  readonly local: Local;
  /** The functions' clients: chaos strikes them. */
  readonly clients: { readonly dynamodb: DynamoDBClient; readonly sqs: SQSClient; readonly files: JobFiles };
  /** The clients of whoever looks on, and is spared. */
  readonly onlooker: { readonly dynamodb: DynamoDBClient; readonly files: JobFiles };
  readonly queues: { readonly books: Required<CreatedQueue>; readonly completions: CreatedQueue };
  stop(): Promise<void>;
}

async function createQueues(local: Local, limits: Limits): Promise<Stage['queues']> {
  const { visibilityTimeoutSeconds, aggregatorVisibilitySeconds } = limits;
  const settings = { visibilityTimeoutSeconds, maxReceiveCount: MAX_RECEIVE_COUNT };
  const { deadLetterQueueUrl, ...books } = await local.createQueue('books', settings);
  if (deadLetterQueueUrl === undefined) throw new Error('the queue has no dead-letter queue');
  const completions = await local.createQueue('completions', {
    visibilityTimeoutSeconds: aggregatorVisibilitySeconds,
  });
  return { books: { ...books, deadLetterQueueUrl }, completions };
}

/** Starts the emulators and puts up the stage; whatever was put up before an error is taken down again. */
export async function startStage({ chaos, seed, concurrency }: Flags, limits: Limits): Promise<Stage> {
  const local = await startLocal({
    concurrency: concurrency + OTHER_FUNCTIONS,
    label: unitsLabel,
    // A call that fails for good costs a receive: chaos is about the replies that are lost, not about giving up early.
    ...(chaos ? { faults: chaosRates(seed), maxAttempts: 8 } : {}),
  });
  const clientsOf = (faults: boolean) => {
    const s3 = new S3Client(local.clientConfig('s3', { faults }));
    // Cached: whoever adds a middleware does so before the client's first call.
    const dynamodb = new DynamoDBClient({
      ...local.clientConfig('dynamodb', { faults }),
      cacheMiddleware: true,
    });
    for (const name of FOR_AWS_ONLY)
      if (!dynamodb.middlewareStack.remove(name)) throw new Error(`the SDK has no middleware "${name}"`);
    return {
      s3,
      dynamodb,
      sqs: new SQSClient(local.clientConfig('sqs', { faults })),
      files: createJobFiles({ client: s3, bucket: BUCKET }),
    };
  };
  const [clients, onlooker] = [clientsOf(true), clientsOf(false)];
  const stop = async () => {
    await local.stop();
    for (const { s3, dynamodb, sqs } of [clients, onlooker])
      for (const one of [s3, dynamodb, sqs]) one.destroy();
  };
  try {
    await onlooker.dynamodb.send(new CreateTableCommand(tableDefinition(TABLE_NAME)));
    await onlooker.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const queues = await createQueues(local, limits);
    if (chaos) strikeEachOnce(local.faults);
    return { local, clients, onlooker, queues, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
