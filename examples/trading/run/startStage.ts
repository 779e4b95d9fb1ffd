import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  dynamoBudgetStore,
  dynamoFanInStore,
  dynamoJobStore,
  dynamoSemaphoreStore,
  s3ClaimCheck,
  tableDefinition,
} from 'fanfold';
import { type FaultOptions, type Local, startLocal } from 'fanfold/local';
import type { Stores } from '../deploy.js';

const TABLE_NAME = 'fanfold';
const BUCKET = 'trading';

/** Everything that a deployment would have before its functions: a table, a bucket, and clients. */
export interface Stage {
  readonly local: Local;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  readonly events: EventBridgeClient;
  readonly stores: Stores;
  stop(): Promise<void>;
}

/** Starts the emulators; whatever was put up before an error is taken down again. */
export async function startStage(faults: FaultOptions = {}): Promise<Stage> {
  const local = await startLocal({ faults, maxAttempts: 8 });
  const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
  const clients = {
    s3: new S3Client(local.clientConfig('s3')),
    sqs: new SQSClient(local.clientConfig('sqs')),
    sfn: new SFNClient(local.clientConfig('sfn')),
    lambda: new LambdaClient(local.clientConfig('lambda')),
    events: new EventBridgeClient(local.clientConfig('events')),
  };
  const stop = async () => {
    await local.stop();
    for (const client of [dynamodb, ...Object.values(clients)]) client.destroy();
  };
  const table = { client: dynamodb, tableName: TABLE_NAME };
  const stores = {
    jobs: dynamoJobStore(table),
    fanIns: dynamoFanInStore(table),
    budgets: dynamoBudgetStore(table),
    semaphores: dynamoSemaphoreStore(table),
    claimCheck: s3ClaimCheck({ client: clients.s3, bucket: BUCKET, prefix: '' }),
  };
  try {
    await dynamodb.send(new CreateTableCommand(tableDefinition(TABLE_NAME)));
    await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    return { local, ...clients, stores, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
