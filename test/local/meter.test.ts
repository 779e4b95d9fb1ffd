import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../src/local/index.js';
import { tableDefinition } from '../../src/table.js';

describe('local.meter', () => {
  let local: Local;
  let dynamodb: DynamoDBClient;

  beforeEach(async () => {
    local = await startLocal({
      label: (operation, { Key, TableName }) =>
        JSON.stringify(Key)?.includes('leaf') ? `${operation} on ${TableName}` : undefined,
    });
    dynamodb = new DynamoDBClient({ ...local.clientConfig('dynamodb'), maxAttempts: 1 });
    await dynamodb.send(new CreateTableCommand(tableDefinition('items')));
  });
  afterEach(() => local.stop());

  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
  const put = (pk: string, bytes = 1) =>
    dynamodb.send(
      new PutItemCommand({ TableName: 'items', Item: { ...key(pk), data: { S: 'x'.repeat(bytes) } } }),
    );
  const update = (pk: string, condition?: string) =>
    dynamodb.send(
      new UpdateItemCommand({
        TableName: 'items',
        Key: key(pk),
        UpdateExpression: 'SET n = :n',
        ...(condition ? { ConditionExpression: condition } : {}),
        ExpressionAttributeValues: { ':n': { N: '1' } },
      }),
    );

  it('adds up write units by size, and by label', async () => {
    await put('a');
    await put('b', 1_500);
    await update('b');
    await update('leaf');
    expect(local.meter.dynamodb).toMatchObject({
      writeUnits: 1 + 2 + 2 + 1,
      readUnits: 0,
      writeUnitsByLabel: { 'UpdateItem on items': 1 },
      calls: { CreateTable: 1, PutItem: 2, UpdateItem: 2 },
    });
  });

  it('counts batches as their items', async () => {
    const items = ['a', 'b', 'c'].map((pk) => ({ PutRequest: { Item: key(pk) } }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { items } }));
    expect(local.meter.dynamodb.writeUnits).toBe(3);
  });

  it('counts a unit for a condition that was not met', async () => {
    await expect(update('leaf', 'attribute_exists(pk)')).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    expect(local.meter.dynamodb.writeUnits).toBe(1);
  });

  it('counts what was applied though its reply was lost, and not what never arrived', async () => {
    for (const fault of ['resetAfter', 'resetBefore', 'throttle'] as const) {
      local.faults.next('dynamodb', 'PutItem', fault);
      await expect(put('a')).rejects.toThrow();
    }
    expect(local.meter.dynamodb.writeUnits).toBe(1);
  });

  it('counts read units, half of them for reads that are not consistent', async () => {
    await put('a');
    const get = { TableName: 'items', Key: key('a') };
    await dynamodb.send(new GetItemCommand({ ...get, ConsistentRead: true }));
    await dynamodb.send(new GetItemCommand(get));
    const reply = await dynamodb.send(
      new QueryCommand({
        TableName: 'items',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'a' } },
        ConsistentRead: true,
      }),
    );
    expect(reply.Items).toHaveLength(1);
    expect(local.meter.dynamodb.readUnits).toBe(2.5);
  });

  it('leaves a caller who asks for the capacity himself his answer', async () => {
    const command = new PutItemCommand({
      TableName: 'items',
      Item: key('é'),
      ReturnConsumedCapacity: 'INDEXES',
    });
    expect((await dynamodb.send(command)).ConsumedCapacity?.Table?.CapacityUnits).toBe(1);
    expect(local.meter.dynamodb.writeUnits).toBe(1);
  });

  it('counts calls to SQS and their messages', async () => {
    const sqs = new SQSClient(local.clientConfig('sqs'));
    const { queueUrl: QueueUrl } = await local.createQueue('queue');
    const Entries = ['"ReceiptHandle":"', 'b', 'c'].map((MessageBody, index) => ({
      Id: `${index}`,
      MessageBody,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'd' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    expect(local.meter.sqs).toEqual({
      calls: 4,
      callsByAction: { SendMessageBatch: 1, SendMessage: 1, ReceiveMessage: 1, DeleteMessage: 1 },
      messages: { sent: 4, received: 4, deleted: 1 },
    });
  });

  it('counts what an event source mapping calls', async () => {
    const sqs = new SQSClient(local.clientConfig('sqs'));
    const { queueUrl: QueueUrl } = await local.createQueue('mapped');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
    local.lambda.register('f', () => {});
    await local.mapQueue({ queueUrl: QueueUrl, functionName: 'f' });
    await expect.poll(() => local.meter.sqs.messages).toEqual({ sent: 1, received: 1, deleted: 1 });
    expect(local.meter.sqs.callsByAction).toMatchObject({ DeleteMessageBatch: 1 });
  });

  it('counts calls to S3', async () => {
    await new S3Client(local.clientConfig('s3')).send(new CreateBucketCommand({ Bucket: 'bucket' }));
    expect(local.meter.s3.calls).toEqual({ CreateBucket: 1 });
  });
});
