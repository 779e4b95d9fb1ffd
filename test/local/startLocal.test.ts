import { createServer } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../src/local/index.js';
import { tableDefinition } from '../../src/table.js';

describe('startLocal', () => {
  const stops: (() => unknown)[] = [];
  const started = async (...options: Parameters<typeof startLocal>): Promise<Local> => {
    const local = await startLocal(...options);
    stops.push(() => local.stop().catch(() => {}));
    return local;
  };
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  it('names the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    stops.push(() => other.close());
    const { port } = other.address() as { port: number };
    await expect(startLocal({ ports: { dynamodb: port } })).rejects.toMatchObject({
      code: 'PortInUse',
      message: `ports.dynamodb: port ${port} is in use`,
    });
    await expect(startLocal({ ports: { sqs: port } })).rejects.toMatchObject({
      code: 'PortInUse',
      message: `ports.sqs: port ${port} is in use`,
    });
  });

  it('refuses a port that is none', async () => {
    await expect(startLocal({ ports: { sqs: 70_000 } })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('says so when it is stopped twice', async () => {
    const local = await started();
    await local.stop();
    await expect(local.stop()).rejects.toMatchObject({ code: 'AlreadyStopped' });
  });

  it('frees its ports when it stops', async () => {
    const first = await started();
    const portOf = (endpoint: string) => Number(new URL(endpoint).port);
    const { dynamodb, sqs, lambda, sfn, events } = first.endpoints;
    const ports = {
      ...{ dynamodb: portOf(dynamodb), sqs: portOf(sqs), lambda: portOf(lambda) },
      ...{ sfn: portOf(sfn), events: portOf(events) },
    };
    await first.stop();
    expect((await started({ ports })).endpoints).toEqual(first.endpoints);
  });

  it('serves DynamoDB, SQS and S3 to the clients that it configures', async () => {
    const local = await started();
    const dynamodb = new DynamoDBClient(local.clientConfig('dynamodb'));
    await dynamodb.send(new CreateTableCommand(tableDefinition('items')));
    const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
    await dynamodb.send(new PutItemCommand({ TableName: 'items', Item }));
    expect((await dynamodb.send(new GetItemCommand({ TableName: 'items', Key: Item }))).Item).toEqual(Item);

    const sqs = new SQSClient(local.clientConfig('sqs'));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
    expect(QueueUrl).toBe(`${local.endpoints.sqs}/000000000000/queue`);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['hello']);

    const s3 = new S3Client(local.clientConfig('s3'));
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a/b.txt', Body: 'text' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'a/b.txt' }));
    expect(await Body?.transformToString()).toBe('text');
  });

  it('keeps a message from a long poll whose client has gone', async () => {
    const local = await started();
    const sqs = new SQSClient(local.clientConfig('sqs'));
    const { queueUrl: QueueUrl } = await local.createQueue('queue');
    const leaving = new AbortController();
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: leaving.signal,
    });
    await expect.poll(() => local.meter.sqs.callsByAction.ReceiveMessage).toBe(1);
    await local.queueDepth(QueueUrl);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await local.queueDepth(QueueUrl);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
    );
    expect(Messages?.map(({ Attributes }) => Attributes)).toEqual([{ ApproximateReceiveCount: '1' }]);
  });

  it('refuses to map a queue after it was stopped', async () => {
    const local = await started();
    await local.stop();
    await expect(
      local.mapQueue({ queueUrl: 'http://127.0.0.1/queue', functionName: 'f' }),
    ).rejects.toMatchObject({
      code: 'AlreadyStopped',
    });
  });
});
