import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CallFault, type Local, startLocal } from '../../src/local/index.js';
import { tableDefinition } from '../../src/table.js';

describe('faults between a client and its service', () => {
  let local: Local;
  let patient: DynamoDBClient;
  let hasty: DynamoDBClient;

  beforeAll(async () => {
    local = await startLocal();
    patient = new DynamoDBClient(local.clientConfig('dynamodb'));
    hasty = new DynamoDBClient({ ...local.clientConfig('dynamodb'), maxAttempts: 1 });
    await patient.send(new CreateTableCommand(tableDefinition('items')));
  });
  afterAll(() => local.stop());

  const Key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'count' } });
  const count = (client: DynamoDBClient, pk: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: 'items',
        Key: Key(pk),
        UpdateExpression: 'ADD #n :one',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  const counted = async (pk: string) => {
    const get = new GetItemCommand({ TableName: 'items', Key: Key(pk), ConsistentRead: true });
    return Number((await patient.send(get)).Item?.n?.N ?? 0);
  };

  it('throttles with an error that each SDK client knows and tries again', async () => {
    const sqs = new SQSClient({ ...local.clientConfig('sqs'), maxAttempts: 1 });
    const s3 = new S3Client({ ...local.clientConfig('s3'), maxAttempts: 1 });
    local.faults.next('dynamodb', 'UpdateItem', 'throttle');
    local.faults.next('sqs', 'ListQueues', 'throttle');
    local.faults.next('s3', 'CreateBucket', 'throttle');
    await expect(count(hasty, 'throttled')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'RequestThrottled' });
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))).rejects.toMatchObject({
      name: 'SlowDown',
    });
    expect(local.faults.counts.throttle).toBe(3);
    local.faults.next('dynamodb', 'UpdateItem', 'throttle');
    await count(patient, 'throttled');
    expect(await counted('throttled')).toBe(1);
  });

  it('resets a connection before the call was applied', async () => {
    local.faults.next('dynamodb', 'UpdateItem', 'resetBefore');
    await expect(count(hasty, 'before')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await counted('before')).toBe(0);
  });

  it('resets a connection after the call was applied, so that a retry applies it twice', async () => {
    local.faults.next('dynamodb', 'UpdateItem', 'resetAfter');
    await expect(count(hasty, 'after')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await counted('after')).toBe(1);
    local.faults.next('dynamodb', 'UpdateItem', 'resetAfter');
    await count(patient, 'after');
    expect(await counted('after')).toBe(3);
    expect(local.faults.counts.resetAfter).toBe(2);
  });

  it('leaves a client alone that was configured without faults', async () => {
    const calm = new DynamoDBClient({ ...local.clientConfig('dynamodb', { faults: false }), maxAttempts: 1 });
    local.faults.next('dynamodb', 'Scan', 'throttle');
    await calm.send(new ScanCommand({ TableName: 'items' }));
    await expect(hasty.send(new ScanCommand({ TableName: 'items' }))).rejects.toThrow();
  });

  it.each<[CallFault, number]>([
    ['killBefore', 0],
    ['killAfter', 1],
  ])(
    'lets a worker die (%s): it makes no further call, and its message comes again',
    async (fault, applied) => {
      const seen: string[] = [];
      const { queueUrl } = await local.createQueue(fault, { visibilityTimeoutSeconds: 1 });
      local.lambda.register(
        fault,
        async ({ Records }: SQSEvent) => {
          const receives = Records[0]?.attributes.ApproximateReceiveCount ?? '';
          // The second call stands for all that a dead worker still has in mind.
          const elsewhere = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
            count(patient, `${fault}-elsewhere-${receives}`),
          );
          await count(patient, `${fault}-${receives}`);
          seen.push(receives);
          await elsewhere;
        },
        { timeoutMs: 900 },
      );
      local.faults.next('dynamodb', 'UpdateItem', fault);
      const mapping = await local.mapQueue({ queueUrl, functionName: fault });
      const sqs = new SQSClient(local.clientConfig('sqs'));
      const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'work' }));
      await vi.waitFor(async () => expect(await counted(`${fault}-elsewhere-2`)).toBe(1), {
        timeout: 20_000,
      });
      mapping.stop();
      expect(seen).toEqual(['2']);
      expect(await counted(`${fault}-1`)).toBe(applied);
      expect(await counted(`${fault}-elsewhere-1`)).toBe(0);
      expect(local.faults.counts[fault]).toBe(1);
      expect(local.lambda.metrics(fault)).toMatchObject({ invocations: 2, failures: 1, inFlight: 0 });
    },
  );

  it('lets no call of a function that timed out reach the service', async () => {
    const ended = vi.fn();
    local.lambda.register(
      'late',
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        void count(patient, 'late').finally(ended);
      },
      { timeoutMs: 10 },
    );
    await expect(local.lambda.invoke('late')).rejects.toMatchObject({ code: 'FunctionError' });
    local.lambda.register('later', () => new Promise((resolve) => setTimeout(resolve, 200)));
    await local.lambda.invoke('later');
    expect(ended).not.toHaveBeenCalled();
    expect(await counted('late')).toBe(0);
  });
});

describe('faults by rate', () => {
  it('happen, each of them, and lose nothing that is tried again', async () => {
    const local = await startLocal({
      maxAttempts: 10,
      faults: {
        seed: 7,
        ...{ throttleRate: 0.05, resetBeforeRate: 0.05, resetAfterRate: 0.05, killRate: 0.2 },
        ...{ duplicateRate: 0.3, latencyMs: { min: 0.1, max: 2 } },
      },
    });
    try {
      const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
      const calm = new DynamoDBClient(local.clientConfig('dynamodb', { faults: false }));
      await calm.send(new CreateTableCommand(tableDefinition('items')));
      const { queueUrl, deadLetterQueueUrl = '' } = await local.createQueue('work', {
        visibilityTimeoutSeconds: 2,
        maxReceiveCount: 10,
      });
      const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
      const sqs = new SQSClient(local.clientConfig('sqs', { faults: false }));
      const indices = Array.from({ length: 60 }, (_, index) => String(index));
      for (let start = 0; start < 60; start += 10) {
        const Entries = indices.slice(start, start + 10).map((index) => ({ Id: index, MessageBody: index }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
      local.lambda.register(
        'work',
        async ({ Records }: SQSEvent) => {
          for (const { body } of Records) {
            await dynamodb.send(
              new UpdateItemCommand({
                TableName: 'items',
                Key: { pk: { S: 'done' }, sk: { S: 'set' } },
                UpdateExpression: 'ADD #d :d',
                ExpressionAttributeNames: { '#d': 'd' },
                ExpressionAttributeValues: { ':d': { NS: [body] } },
              }),
            );
          }
        },
        { timeoutMs: 2_000 },
      );
      await local.mapQueue({ queueUrl, functionName: 'work', batchSize: 1 });
      const get = new GetItemCommand({ TableName: 'items', Key: { pk: { S: 'done' }, sk: { S: 'set' } } });
      await vi.waitFor(
        async () => {
          expect((await calm.send(get)).Item?.d?.NS?.length).toBe(60);
          expect(await local.queueDepth(queueUrl)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
        },
        { timeout: 50_000 },
      );
      expect(await local.queueDepth(deadLetterQueueUrl)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
      for (const [, times] of Object.entries(local.faults.counts)) expect(times).toBeGreaterThan(0);
    } finally {
      await local.stop();
    }
  });
});
