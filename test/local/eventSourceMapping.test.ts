import {
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Local, type RunningMapping, startLocal } from '../../src/local/index.js';

describe('local.mapQueue', () => {
  let local: Local;
  let sqs: SQSClient;
  let queues = 0;
  const mappings: RunningMapping[] = [];

  beforeAll(async () => {
    local = await startLocal();
    sqs = new SQSClient(local.clientConfig('sqs'));
  });
  afterEach(() => {
    for (const mapping of mappings.splice(0)) mapping.stop();
  });
  afterAll(() => local.stop());

  /** A queue of its own, mapped to a function of its own, and what that function was given. */
  async function mapped({
    handler = () => undefined,
    fifo = false,
    concurrency = 100,
    visibilityTimeoutSeconds = 1,
    ...mapping
  }: {
    handler?: (event: SQSEvent) => unknown;
    fifo?: boolean;
    concurrency?: number;
    visibilityTimeoutSeconds?: number;
  } & Partial<Parameters<Local['mapQueue']>[0]> = {}) {
    const name = `queue${queues++}`;
    const queue = await local.createQueue(name, { fifo, visibilityTimeoutSeconds, maxReceiveCount: 2 });
    const events: SQSEvent[] = [];
    local.lambda.register(
      name,
      (event: SQSEvent) => {
        events.push(event);
        return handler(event);
      },
      { timeoutMs: 900, concurrency },
    );
    const start = async () => {
      const running = await local.mapQueue({ queueUrl: queue.queueUrl, functionName: name, ...mapping });
      mappings.push(running);
      return running;
    };
    const bodies = () => events.map(({ Records }) => Records.map(({ body }) => body));
    return { name, ...queue, deadLetterQueueUrl: queue.deadLetterQueueUrl ?? '', events, bodies, start };
  }
  const send = (queueUrl: string, ...bodies: string[]) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );
  const empty = { visible: 0, inFlight: 0, delayed: 0 };
  const untilEmpty = (queueUrl: string) =>
    vi.waitFor(async () => expect(await local.queueDepth(queueUrl)).toEqual(empty), { timeout: 8_000 });
  const untilDepth = (queueUrl: string, visible: number) =>
    vi.waitFor(async () => expect(await local.queueDepth(queueUrl)).toEqual({ ...empty, visible }), {
      timeout: 8_000,
    });
  const failing =
    (...failed: string[]) =>
    ({ Records }: SQSEvent) => ({
      batchItemFailures: Records.filter(({ body }) => failed.includes(body)).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    });

  it('refuses a function that nobody registered, and a visibility timeout below its timeout', async () => {
    const { queueUrl } = await local.createQueue('strict', { visibilityTimeoutSeconds: 1 });
    await expect(local.mapQueue({ queueUrl, functionName: 'nobody' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    local.lambda.register('slow', () => {}, { timeoutMs: 1_001 });
    await expect(local.mapQueue({ queueUrl, functionName: 'slow' })).rejects.toMatchObject({
      code: 'InvalidArgument',
    });
  });

  it('delivers again only what was reported, and sends it to the dead-letter queue after its last receive', async () => {
    const queue = await mapped({ handler: failing('bad') });
    await send(queue.queueUrl, 'good', 'bad', 'fine');
    await queue.start();
    await untilEmpty(queue.queueUrl);
    await untilDepth(queue.deadLetterQueueUrl, 1);
    expect(queue.bodies()).toEqual([['good', 'bad', 'fine'], ['bad']]);
    expect(queue.events[1]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no'))],
    ['times out', () => new Promise(() => {})],
    [
      'reports a message that is not in the batch',
      () => ({ batchItemFailures: [{ itemIdentifier: 'foreign' }] }),
    ],
  ])('deletes nothing of a batch whose function %s', async (_what, handler) => {
    const queue = await mapped({ handler });
    await send(queue.queueUrl, 'a', 'b');
    await queue.start();
    await untilDepth(queue.deadLetterQueueUrl, 2);
    expect(queue.bodies().flat().sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('really deletes failed records when the switch is off', async () => {
    const queue = await mapped({ handler: failing('bad'), reportBatchItemFailures: false });
    await send(queue.queueUrl, 'good', 'bad');
    await queue.start();
    await untilEmpty(queue.queueUrl);
    expect(queue.bodies()).toEqual([['good', 'bad']]);
    expect(await local.queueDepth(queue.deadLetterQueueUrl)).toEqual(empty);
  });

  it('builds records as Lambda does', async () => {
    const queue = await mapped();
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue.queueUrl,
        MessageBody: 'hello',
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'value' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
        },
      }),
    );
    await queue.start();
    await vi.waitFor(() => expect(queue.events).toHaveLength(1));
    expect(queue.events[0]?.Records).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: 'hello',
        attributes: expect.objectContaining({
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        }),
        messageAttributes: {
          text: { dataType: 'String', stringValue: 'value', stringListValues: [], binaryListValues: [] },
          bytes: { dataType: 'Binary', binaryValue: 'AQID', stringListValues: [], binaryListValues: [] },
        },
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        md5OfMessageAttributes: expect.any(String),
        eventSource: 'aws:sqs',
        eventSourceARN: queue.queueArn,
        awsRegion: 'us-east-1',
      },
    ]);
  });

  it('wakes up for a message that comes while it waits', async () => {
    const queue = await mapped();
    await queue.start();
    await send(queue.queueUrl, 'first');
    await vi.waitFor(() => expect(queue.bodies()).toEqual([['first']]));
    await send(queue.queueUrl, 'second');
    await vi.waitFor(() => expect(queue.bodies()).toEqual([['first'], ['second']]));
  });

  it('gathers batches of more than ten within the window', async () => {
    const queue = await mapped({ batchSize: 25, batchingWindowMs: 1_000, visibilityTimeoutSeconds: 30 });
    const bodies = Array.from({ length: 30 }, (_, index) => String(index));
    for (let start = 0; start < 30; start += 10)
      await send(queue.queueUrl, ...bodies.slice(start, start + 10));
    await queue.start();
    await untilEmpty(queue.queueUrl);
    expect(queue.bodies().map(({ length }) => length)).toEqual([25, 5]);
    expect(new Set(queue.bodies().flat())).toEqual(new Set(bodies));
  });

  it('never runs more at once than the function, the mapping or the ramp allow', async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 20));
    const bodies = Array.from({ length: 10 }, (_, index) => String(index));
    const peaks = [
      [await mapped({ handler: slow, batchSize: 1, concurrency: 3 }), 3],
      [await mapped({ handler: slow, batchSize: 1, maximumConcurrency: 2 }), 2],
      [await mapped({ handler: slow, batchSize: 1, ramp: true }), 5],
    ] as const;
    for (const [queue, peak] of peaks) {
      await send(queue.queueUrl, ...bodies);
      await queue.start();
      await untilEmpty(queue.queueUrl);
      expect(queue.bodies().flat().sort()).toEqual(bodies);
      const { peakInFlight } = local.lambda.metrics(queue.name);
      // The ramp allows one more every 200 ms, which a busy machine can reach.
      expect(peakInFlight).toBeLessThanOrEqual(peak === 5 ? 7 : peak);
      expect(peakInFlight).toBeGreaterThan(1);
    }
  });

  it('takes no more messages than it can hand over, so that none loses its visibility timeout', async () => {
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const queue = await mapped({ handler: () => opened, batchSize: 1, concurrency: 2 });
    await send(queue.queueUrl, 'a', 'b', 'c', 'd', 'e');
    await queue.start();
    await vi.waitFor(() => expect(queue.events).toHaveLength(2));
    expect(await local.queueDepth(queue.queueUrl)).toEqual({ visible: 3, inFlight: 2, delayed: 0 });
    open();
    await untilEmpty(queue.queueUrl);
    expect(queue.bodies().flat()).toHaveLength(5);
  });

  it('keeps the order of a FIFO group, with one of its batches in flight', async () => {
    const running = new Map<string, number>();
    let together = 0;
    const queue = await mapped({
      fifo: true,
      handler: async ({ Records }) => {
        const groups = new Set(Records.map(({ attributes }) => attributes.MessageGroupId ?? ''));
        for (const group of groups) {
          const inGroup = (running.get(group) ?? 0) + 1;
          running.set(group, inGroup);
          together = Math.max(together, inGroup);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (const group of groups) running.set(group, (running.get(group) ?? 0) - 1);
      },
    });
    for (const group of ['a', 'b']) {
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.queueUrl,
          Entries: Array.from({ length: 8 }, (_, index) => ({
            Id: String(index),
            MessageBody: `${group}${index}`,
            MessageGroupId: group,
            MessageDeduplicationId: `${group}${index}`,
          })),
        }),
      );
    }
    await queue.start();
    await untilEmpty(queue.queueUrl);
    const of = (group: string) =>
      queue
        .bodies()
        .flat()
        .filter((body) => body.startsWith(group));
    expect(of('a')).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect(of('b')).toEqual(['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7']);
    expect(together).toBe(1);
  });

  it('delivers a batch twice when the plan says so, and deletes it once', async () => {
    const queue = await mapped();
    local.faults.next('sqs', 'ReceiveMessage', 'duplicate');
    await send(queue.queueUrl, 'a');
    const mapping = await queue.start();
    await vi.waitFor(() => expect(queue.bodies()).toEqual([['a'], ['a']]));
    const ids = queue.events.map(({ Records }) => Records[0]?.messageId);
    expect(ids[0]).toBe(ids[1]);
    await untilEmpty(queue.queueUrl);
    expect(mapping.deliveries).toBe(2);
    expect(local.faults.counts.duplicate).toBe(1);
  });

  it('takes nothing more once it is stopped: what comes then stays in the queue', async () => {
    const queue = await mapped();
    const mapping = await queue.start();
    await send(queue.queueUrl, 'before');
    await untilEmpty(queue.queueUrl);
    mapping.stop();
    await send(queue.queueUrl, 'after');
    const reply = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 }));
    expect(reply.Messages?.map(({ Body }) => Body)).toEqual(['after']);
    expect(queue.bodies()).toEqual([['before']]);
  });
});
