import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type LambdaHandler, NonRetryableError } from 'fanfold';
import { type CreatedQueue, type Local, startLocal } from 'fanfold/local';
import { createMint } from '../createMint.js';
import { createDirectMinter } from '../handlers/createDirectMinter.js';
import { createQueueMinter } from '../handlers/createQueueMinter.js';
import type { Log } from '../handlers/logLine.js';
import { dynamoRegistry, registryTable } from '../registry.js';

const TABLE_NAME = 'minter';
const TIMEOUT_MS = 30_000;
/** Of the function behind the queue, and how long its messages stay hidden: a failed one is received again after it. */
const QUEUE_SECONDS = 4;

/** What a deployment would have, with a source that does not know what begins with `unknown`. */
export interface Stage {
  readonly local: Local;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly direct: LambdaHandler;
  readonly queues: { readonly identifiers: Required<CreatedQueue>; readonly results: CreatedQueue };
  stop(): Promise<void>;
}

/** Stands in for the system that the identifiers come from. */
async function confirm(sourceIdentifier: string): Promise<void> {
  if (sourceIdentifier.startsWith('unknown')) {
    throw new NonRetryableError('the source has no such record', { code: 'UnknownIdentifier' });
  }
}

async function furnish(local: Local, dynamodb: DynamoDBClient): Promise<Stage['queues']> {
  await dynamodb.send(new CreateTableCommand(registryTable(TABLE_NAME)));
  const settings = { visibilityTimeoutSeconds: QUEUE_SECONDS, maxReceiveCount: 2 };
  const { deadLetterQueueUrl, ...identifiers } = await local.createQueue('identifiers', settings);
  if (deadLetterQueueUrl === undefined) throw new Error('the queue has no dead-letter queue');
  return { identifiers: { ...identifiers, deadLetterQueueUrl }, results: await local.createQueue('results') };
}

/** Starts the emulators, registers both functions and connects the one that has a queue. */
export async function startStage(log: Log): Promise<Stage> {
  const local = await startLocal();
  const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
  const [sqs, sfn] = [new SQSClient(local.clientConfig('sqs')), new SFNClient(local.clientConfig('sfn'))];
  const stop = async () => {
    await local.stop();
    for (const client of [dynamodb, sqs, sfn]) client.destroy();
  };
  try {
    const queues = await furnish(local, dynamodb);
    const registry = dynamoRegistry({ client: dynamodb, tableName: TABLE_NAME });
    const mint = createMint({ registry, confirm, newId: randomUUID });
    const direct = createDirectMinter({ mint, log });
    const queued = createQueueMinter({ mint, log, sqs, resultsQueueUrl: queues.results.queueUrl });
    local.lambda.register('minter', direct, { timeoutMs: TIMEOUT_MS });
    local.lambda.register('queueMinter', queued, { timeoutMs: QUEUE_SECONDS * 1_000 });
    await local.mapQueue({ queueUrl: queues.identifiers.queueUrl, functionName: 'queueMinter' });
    return { local, sfn, sqs, direct, queues, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
