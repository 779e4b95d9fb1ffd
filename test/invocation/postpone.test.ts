import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { createWorker } from '../../src/invocation/index.js';
import { sqsEvent } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.looseObject({});
const tooLate = { getRemainingTimeInMillis: () => 800 };

describe('createWorker with a queue, when there is no time to try a record', () => {
  let server: FauxqsServer;
  let client: SQSClient;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
    client = new SQSClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> => {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  };

  it('sends a delayed copy with the same body and attributes, and acknowledges the original', async () => {
    const queueUrl = await createQueue('books');
    const process = vi.fn();
    const handler = createWorker({ input, process, queue: { client, queueUrl } });
    const body = JSON.stringify(toEnvelope('job', 3, { title: 'Ṣömething' }));
    const attributes = { kind: 'book', weight: 1.5, raw: new Uint8Array([0, 255]) };
    const event = sqsEvent([{ body, attributes }]);
    expect(failedIds(await handler(event, tooLate))).toEqual([]);
    expect(process).not.toHaveBeenCalled();

    const delayed = server.inspectQueue('books')?.messages.delayed ?? [];
    expect(delayed).toHaveLength(1);
    expect(delayed[0]?.body).toBe(body);
    expect(delayed[0]?.messageAttributes).toMatchObject({
      kind: { DataType: 'String', StringValue: 'book' },
      weight: { DataType: 'Number', StringValue: '1.5' },
      raw: { DataType: 'Binary' },
    });
  });

  it('keeps the group id and the trace header of a message on a standard queue', async () => {
    const sent: SendMessageCommand[] = [];
    const stub = { send: async (command: SendMessageCommand) => sent.push(command) };
    const handler = createWorker({
      input,
      process: () => {},
      queue: { client: stub, queueUrl: 'https://q' },
    });
    const [record] = sqsEvent([{ body: {}, groupId: 'tenant-1' }]).Records;
    const traced = { ...record, attributes: { ...record?.attributes, AWSTraceHeader: 'Root=1' } };
    expect(failedIds(await handler({ Records: [traced] }, tooLate))).toEqual([]);
    expect(sent[0]).toBeInstanceOf(SendMessageCommand);
    expect(sent[0]?.input).toMatchObject({
      QueueUrl: 'https://q',
      MessageGroupId: 'tenant-1',
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });
    expect(sent[0]?.input.DelaySeconds).toBeGreaterThan(0);
    expect(sent[0]?.input.MessageAttributes).toEqual({
      'fanfold-postponed': { DataType: 'Number', StringValue: '1' },
    });
  });

  it('reports the original when the copy cannot be sent, and keeps the reason on its last receive', async () => {
    const stub = { send: () => Promise.reject(new Error('AccessDenied')) };
    const fanIn = fakeFanIn();
    const handler = createWorker({
      input,
      process: () => {},
      fanIn,
      maxReceiveCount: 2,
      queue: { client: stub, queueUrl: 'https://q' },
    });
    const event = sqsEvent([{ body: toEnvelope('job', 0, {}), receiveCount: 2 }]);
    expect(failedIds(await handler(event, tooLate))).toEqual(['message-0']);
    expect(fanIn.reasons.get('job/0')).toMatchObject({ code: 'DeadlineExceeded' });
  });

  it('reports instead of waiting for a copy past the last moment', async () => {
    const stub = { send: () => new Promise<never>(() => {}) };
    const context = { getRemainingTimeInMillis: () => 20 };
    const handler = createWorker({
      input,
      process: () => {},
      queue: { client: stub, queueUrl: 'https://q' },
    });
    expect(failedIds(await handler(sqsEvent([{ body: {} }, { body: {} }]), context))).toHaveLength(2);
  });

  it('postpones what was not tried, and reports what was tried', async () => {
    let remaining = 10_000;
    const send = vi.fn(async () => ({}));
    const handler = createWorker({
      input: z.number(),
      concurrency: 1,
      process: (n) => {
        if (n === 1) {
          remaining = 800;
          throw new Error('x');
        }
      },
      queue: { client: { send }, queueUrl: 'https://q' },
    });
    const event = sqsEvent([0, 1, 2, 3].map((body) => ({ body })));
    const answer = await handler(event, { getRemainingTimeInMillis: () => remaining });
    expect(failedIds(answer)).toEqual(['message-1']);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('shortens the visibility of a FIFO message and reports it: a copy would fall behind its group', async () => {
    const queueUrl = await createQueue('orders.fifo', {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{}', MessageGroupId: 'a' }));
    const { Messages = [] }: ReceiveMessageCommandOutput = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 600 }),
    );
    const deadlineOf = () =>
      server.inspectQueue('orders.fifo')?.messages.inflight[0]?.visibilityDeadline ?? Number.NaN;
    const before = deadlineOf();
    const commands: unknown[] = [];
    const spy = {
      send: (command: ChangeMessageVisibilityCommand) => {
        commands.push(command);
        return client.send(command);
      },
    };
    const handler = createWorker({ input, process: () => {}, queue: { client: spy, queueUrl } });
    const [record] = sqsEvent([{ body: {}, messageId: 'm1', groupId: 'a' }], {
      queueName: 'orders.fifo',
    }).Records;
    const event = { Records: [{ ...record, receiptHandle: Messages[0]?.ReceiptHandle }] };
    expect(failedIds(await handler(event, tooLate))).toEqual(['m1']);
    expect(commands[0]).toBeInstanceOf(ChangeMessageVisibilityCommand);
    expect(deadlineOf()).toBeLessThan(before);
    expect(server.inspectQueue('orders.fifo')?.messages.inflight).toHaveLength(1);
  });
});
