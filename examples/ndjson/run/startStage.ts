import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { tableDefinition } from 'fanfold';
import { type Local, startLocal } from 'fanfold/local';
import { dynamoManifestHead, type ManifestHead } from '../build/manifestHead.js';
import { createFileStore, type FileStore } from '../fileStore.js';
import type { Flags } from '../flags.js';
import { dynamoStores, type Stores } from '../records.js';

const TABLE_NAME = 'fanfold';
const BUCKET = 'ndjson-files';
const MAX_RECEIVE_COUNT = 3;
const VISIBILITY_SECONDS = 720;

/** What chaos does to the functions' calls and batches. */
const CHAOS = { resetAfterRate: 0.03, resetBeforeRate: 0.01, throttleRate: 0.02, duplicateRate: 0.1 };
/** So many attempts make up for it: a call that fails for good is not what chaos is about. */
const CHAOS_ATTEMPTS = 8;

/** Everything that a deployment would have before its functions. */
export interface Stage {
  readonly local: Local;
  readonly queueUrl: string;
  /** The functions' side: chaos strikes it. */
  readonly stores: Stores;
  readonly head: ManifestHead;
  readonly functionFiles: FileStore;
  readonly functionSfn: SFNClient;
  /** The side of whoever brings the files and looks on: it is spared. */
  readonly files: FileStore;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  stop(): Promise<void>;
}

/** Starts the emulators, and creates table, bucket and queue. */
export async function startStage({ chaos, seed }: Pick<Flags, 'chaos' | 'seed'>): Promise<Stage> {
  const local = await startLocal(chaos ? { faults: { ...CHAOS, seed }, maxAttempts: CHAOS_ATTEMPTS } : {});
  const client = new DynamoDBClient(local.clientConfig('dynamodb'));
  const functionS3 = new S3Client(local.clientConfig('s3'));
  const functionSfn = new SFNClient(local.clientConfig('sfn'));
  const s3 = new S3Client(local.clientConfig('s3', { faults: false }));
  const sfn = new SFNClient(local.clientConfig('sfn', { faults: false }));
  const sqs = new SQSClient(local.clientConfig('sqs', { faults: false }));
  const stop = async () => {
    await local.stop();
    for (const one of [client, functionS3, functionSfn, s3, sfn, sqs]) one.destroy();
  };
  try {
    await client.send(new CreateTableCommand(tableDefinition(TABLE_NAME)));
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const { queueUrl } = await local.createQueue('notifications', {
      visibilityTimeoutSeconds: VISIBILITY_SECONDS,
      maxReceiveCount: MAX_RECEIVE_COUNT,
    });
    const table = { client, tableName: TABLE_NAME };
    const files = createFileStore({ client: s3, bucket: BUCKET });
    const functionFiles = createFileStore({ client: functionS3, bucket: BUCKET });
    const [stores, head] = [dynamoStores(table), dynamoManifestHead(table)];
    return { local, queueUrl, stores, head, functionFiles, functionSfn, files, s3, sfn, sqs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
