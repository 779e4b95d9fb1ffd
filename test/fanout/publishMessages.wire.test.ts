import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type ServiceOutputTypes,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OutgoingMessage, publishMessages } from '../../src/fanout/index.js';
import { atOnce, serviceError } from './fakeQueue.js';

let server: FauxqsServer;
let client: SQSClient;
let number = 0;
let name = '';
let queueUrl = '';

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  client = clientOf();
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});
beforeEach(async () => {
  name = `queue-${number++}`;
  queueUrl = await open(name);
});

function clientOf(): SQSClient {
  return new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-central-1',
    useQueueUrlAsEndpoint: false, // the emulator's URLs name no host that resolves
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

async function open(queueName: string, attributes: Record<string, string> = {}): Promise<string> {
  const created = await client.send(new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }));
  return created.QueueUrl ?? '';
}

const inQueue = (queueName = name) => server.inspectQueue(queueName)?.messages.ready ?? [];
const bodiesIn = (queueName = name) => inQueue(queueName).map(({ body }) => body);
const numbered = (count: number): OutgoingMessage[] =>
  Array.from({ length: count }, (_, i) => ({ body: `${i}` }));
const byNumber = (a: string, b: string) => Number(a) - Number(b);

type BatchOutput = Extract<ServiceOutputTypes, { Successful: unknown; Failed: unknown }>;

/** A client whose batch calls go through `fault`, around the SDK's own retries. */
function faultyClient(
  fault: (call: number, next: () => Promise<BatchOutput>) => Promise<BatchOutput>,
): SQSClient {
  let call = 0;
  const faulty = clientOf();
  faulty.middlewareStack.add(
    (next) => async (args) => {
      const result = await fault(++call, async () => (await next(args)).output as unknown as BatchOutput);
      return { output: result as never, response: {} };
    },
    { step: 'initialize', name: 'faults', priority: 'high' },
  );
  return faulty;
}

describe('publishMessages against a queue', () => {
  it('loses exactly the bad three: too long, empty, illegal; not the entry and the call that fail twice', async () => {
    let entryFails = 2;
    const faulty = faultyClient(async (call, next) => {
      if (call === 2 || call === 3) throw serviceError('RequestThrottled', 400);
      const output = await next();
      const [first, ...others] = output.Successful ?? [];
      if (first === undefined || entryFails-- <= 0) return output;
      // SQS did not take it, says the reply; a copy that it has all the same is what at-least-once means.
      const refused = { Id: first.Id, Code: 'InternalError', SenderFault: false };
      return { ...output, Successful: others, Failed: [refused] };
    });
    const messages = numbered(30);
    messages[4] = { body: 'é'.repeat(524_289) };
    messages[5] = { body: '' };
    messages[28] = { body: 'half a pair: \uD83D' };
    const result = await publishMessages({ client: faulty, queueUrl }, messages, {
      retry: atOnce,
      concurrency: 1,
    });
    faulty.destroy();
    expect(result.counts).toEqual({ expected: 30, published: 27, failed: 3 });
    expect(result.failures.map(({ index, code }) => [index, code])).toEqual([
      [4, 'MessageTooLong'],
      [5, 'MissingParameter'],
      [28, 'InvalidMessageContents'],
    ]);
    const good = numbered(30)
      .map(({ body }) => body)
      .filter((_, index) => ![4, 5, 28].includes(index));
    expect([...new Set(bodiesIn())].sort(byNumber)).toEqual(good);
  });

  it("delivers every message again whose call's reply was lost, and none less", async () => {
    const faulty = faultyClient(async (call, next) => {
      const output = await next();
      if (call % 2 === 1) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return output;
    });
    const result = await publishMessages({ client: faulty, queueUrl }, numbered(20), {
      retry: atOnce,
      concurrency: 1,
    });
    faulty.destroy();
    expect(result).toMatchObject({ counts: { published: 20, failed: 0 }, calls: 4 });
    expect(bodiesIn()).toHaveLength(40);
    expect(new Set(bodiesIn()).size).toBe(20);
  });

  it('keeps a FIFO group in order and without copies though replies are lost', async () => {
    const fifo = `${name}.fifo`;
    const url = await open(fifo, { FifoQueue: 'true' });
    const faulty = faultyClient(async (call, next) => {
      const output = await next();
      if (call % 3 === 0) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return output;
    });
    const messages = Array.from({ length: 60 }, (_, n) => ({
      body: `${n}`,
      groupId: `g${n % 4}`,
      deduplicationId: `d${n}`,
    }));
    const result = await publishMessages({ client: faulty, queueUrl: url }, messages, {
      retry: atOnce,
      concurrency: 3,
    });
    faulty.destroy();
    expect(result.counts).toEqual({ expected: 60, published: 60, failed: 0 });
    const stored = bodiesIn(fifo);
    expect(stored).toHaveLength(60);
    for (const group of [0, 1, 2, 3]) {
      const ofGroup = stored.filter((body) => Number(body) % 4 === group);
      expect(ofGroup).toEqual([...ofGroup].sort(byNumber));
    }
  });

  it('reports a FIFO message without a deduplication id, unless the queue makes one of its content', async () => {
    const plain = await open(`plain-${name}.fifo`, { FifoQueue: 'true' });
    const byContent = await open(`content-${name}.fifo`, {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
    const messages = [
      { body: 'a', groupId: 'g' },
      { body: 'b', groupId: 'g', deduplicationId: 'b' },
    ];
    const refused = await publishMessages({ client, queueUrl: plain }, messages);
    expect(refused.counts).toEqual({ expected: 2, published: 1, failed: 1 });
    expect(refused.failures).toMatchObject([
      { index: 0, code: 'InvalidParameterValue', senderFault: true, attempts: 1 },
    ]);
    expect((await publishMessages({ client, queueUrl: byContent }, messages)).counts.published).toBe(2);
  });

  it('reports every index when there is no such queue', async () => {
    const result = await publishMessages({ client, queueUrl: `${queueUrl}-gone` }, numbered(25), {
      concurrency: 1,
    });
    expect(result.counts).toEqual({ expected: 25, published: 0, failed: 25 });
    expect(new Set(result.failures.map(({ code }) => code))).toEqual(new Set(['QueueDoesNotExist']));
    expect(result.calls).toBe(1);
  });

  it('reports every index when nobody listens', async () => {
    const nowhere = new SQSClient({
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-central-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const target = { client: nowhere, queueUrl: 'http://127.0.0.1:1/000000000000/q' };
    const result = await publishMessages(target, numbered(3), {
      retry: { intervalSeconds: 0, maxAttempts: 1 },
    });
    nowhere.destroy();
    expect(result.failures).toMatchObject(
      [0, 1, 2].map((index) => ({ index, code: 'ECONNREFUSED', attempts: 2 })),
    );
    expect(result.calls).toBe(2);
  });

  it('delivers bodies and attributes byte for byte', async () => {
    const body = 'tab\t ä € "quoted" \r\n'; // the emulator, unlike SQS, refuses what is beyond U+FFFF
    const attributes = { text: 'é', number: 1.5, bytes: new Uint8Array([0, 255]) };
    await publishMessages({ client, queueUrl }, [{ body, attributes }]);
    const received = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MessageAttributeNames: ['All'] }),
    );
    expect(received.Messages).toMatchObject([
      {
        Body: body,
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'é' },
          number: { DataType: 'Number', StringValue: '1.5' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
        },
      },
    ]);
  });

  it('measures as SQS does: a call of exactly the limit is taken, and nothing larger is ever sent', async () => {
    const attributes = { name: 'v' }; // 4 + 6 + 1 bytes
    const half = { body: 'x'.repeat(524_288 - 11), attributes };
    const result = await publishMessages({ client, queueUrl }, [half, half, { body: 'one more' }], {
      concurrency: 1,
    });
    expect(result).toMatchObject({ counts: { published: 3, failed: 0 }, calls: 2 });
    const entry = (Id: string, MessageBody: string) => ({ Id, MessageBody });
    const tooLarge = new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: [entry('0', 'x'.repeat(524_288)), entry('1', 'x'.repeat(524_289))],
    });
    await expect(client.send(tooLarge)).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  });

  it('spreads a thousand messages from a stream, each once', async () => {
    async function* messages() {
      yield* numbered(1_000);
    }
    const ids = new Set<string | undefined>();
    const result = await publishMessages({ client, queueUrl }, messages(), {
      onPublished: ({ messageId }) => ids.add(messageId),
    });
    expect(result).toMatchObject({ counts: { expected: 1_000, published: 1_000, failed: 0 }, calls: 100 });
    expect(bodiesIn().sort(byNumber)).toEqual(numbered(1_000).map(({ body }) => body));
    expect(ids).toEqual(new Set(inQueue().map(({ messageId }) => messageId)));
  });

  it('warns of no leak with many calls under way', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', onWarning);
    await publishMessages({ client, queueUrl }, numbered(600), {
      concurrency: 50,
      signal: new AbortController().signal,
    });
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect(warnings).not.toContain('MaxListenersExceededWarning');
  });
});
