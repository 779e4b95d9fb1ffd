import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  dynamoFanInStore,
  dynamoJobStore,
  dynamoSemaphoreStore,
  memoryJobStore,
  memorySemaphoreStore,
  tableDefinition,
} from 'fanfold';
import { type Local, startLocal } from 'fanfold/local';
import { type Deployment, MAX_RECEIVE_COUNT } from '../deploy.js';

const TABLE_NAME = 'fanfold';
/** Beyond that many tickers the local DynamoDB would be all that a run waits for. */
const MOST_IN_DYNAMODB = 1_000;

/** Everything that a deployment would have before its functions. */
export interface Stage {
  readonly local: Local;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly stores: Deployment['stores'];
  stop(): Promise<void>;
}

/** Jobs and slots go to DynamoDB, or for many tickers to memory; the fan-in always goes to DynamoDB. */
function createStores(client: DynamoDBClient, tickers: number): Deployment['stores'] {
  const table = { client, tableName: TABLE_NAME };
  const fanIns = dynamoFanInStore(table);
  return tickers > MOST_IN_DYNAMODB
    ? { fanIns, jobs: memoryJobStore(), semaphores: memorySemaphoreStore() }
    : { fanIns, jobs: dynamoJobStore(table), semaphores: dynamoSemaphoreStore(table) };
}

/** Starts the emulators, and creates table and queues. */
export async function startStage(tickers: number): Promise<Stage> {
  const local = await startLocal();
  const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
  const sqs = new SQSClient(local.clientConfig('sqs'));
  const sfn = new SFNClient(local.clientConfig('sfn'));
  const stop = async () => {
    await local.stop();
    for (const client of [dynamodb, sqs, sfn]) client.destroy();
  };
  try {
    await dynamodb.send(new CreateTableCommand(tableDefinition(TABLE_NAME)));
    const { queueUrl, deadLetterQueueUrl = '' } = await local.createQueue('tickers', {
      visibilityTimeoutSeconds: 90,
      maxReceiveCount: MAX_RECEIVE_COUNT,
    });
    const stores = createStores(dynamodb, tickers);
    return { local, sfn, sqs, queueUrl, deadLetterQueueUrl, stores, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
