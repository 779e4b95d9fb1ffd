import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createFanIn, dynamoFanInStore, type FanIn, tableDefinition } from 'fanfold';
import { type Local, startLocal } from 'fanfold/local';
import type { ChildConfig } from './child/childConfig.js';
import type { ItemResult } from './child/connect.js';
import { limits } from './limits.js';

export const TABLE_NAME = 'fanfold';

/** The servers of a run, and the parent's own connections to them. */
export interface Stage {
  readonly local: Local;
  readonly sqs: SQSClient;
  /** Looks on: it never delivers. */
  readonly fanIn: FanIn<ItemResult>;
  readonly queues: ChildConfig['queues'];
  stop(): Promise<void>;
}

/** Starts the servers, and creates the table and the queues. */
export async function startStage(): Promise<Stage> {
  const local = await startLocal();
  const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
  const sqs = new SQSClient(local.clientConfig('sqs'));
  const stop = async () => {
    dynamodb.destroy();
    sqs.destroy();
    await local.stop();
  };
  const arnOf = async (QueueUrl: string) => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    return Attributes?.QueueArn ?? '';
  };
  try {
    await dynamodb.send(new CreateTableCommand(tableDefinition(TABLE_NAME)));
    const { visibilityTimeoutSeconds, maxReceiveCount } = limits;
    const items = await local.createQueue('items', { visibilityTimeoutSeconds, maxReceiveCount });
    const deadLettersUrl = items.deadLetterQueueUrl;
    if (deadLettersUrl === undefined) throw new Error('the queue has no dead-letter queue');
    const completions = await local.createQueue('completions');
    const queues = {
      items: { url: items.queueUrl, arn: items.queueArn },
      deadLetters: { url: deadLettersUrl, arn: await arnOf(deadLettersUrl) },
      completions: { url: completions.queueUrl },
    };
    const store = dynamoFanInStore({ client: dynamodb, tableName: TABLE_NAME });
    return { local, sqs, fanIn: createFanIn<ItemResult>({ store, storeResults: true }), queues, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
