import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { publishMessages, sendToQueue } from 'fanfold';
import { describe, expect, it } from 'vitest';
import type { Place } from './place.js';
import { receiveAll } from './receiveAll.js';

const bodies = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);
const inGroups = (count: number) =>
  bodies(count).map((body, index) => ({ body, groupId: `g${index % 3}`, deduplicationId: `d${index}` }));

/** What of a publish arrives, and what the server itself refuses. */
export function describePublishing(getPlace: () => Place): void {
  describe('publishMessages', () => {
    it('brings every message of a stream into the queue once, in full batches', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('stream');
      async function* messages() {
        for (const body of bodies(45)) yield { body };
      }
      const { counts, calls } = await publishMessages({ client: place.sqs, queueUrl }, messages());
      expect([counts, calls]).toEqual([{ expected: 45, published: 45, failed: 0 }, 5]);
      const arrived = (await receiveAll(place, queueUrl, 45)).map(({ Body }) => Body);
      expect(arrived.sort()).toEqual(bodies(45).sort());
    });

    it('brings bodies and attributes over byte for byte', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('bytes');
      // Nothing beyond U+FFFF: SQS and ElasticMQ take it, the embedded emulator does not.
      const body = 'tab\t ä € "quoted" <tag> \r\n';
      const attributes = { text: 'é', number: 1.5, bytes: new Uint8Array([0, 255]) };
      await publishMessages({ client: place.sqs, queueUrl }, [{ body, attributes }]);
      expect(await receiveAll(place, queueUrl, 1)).toMatchObject([
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

    it('reports exactly the entries of a call that the server refuses, and sends none of them again', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('refused');
      const spoilt = new Set(['message 3', 'message 12']);
      // What we would refuse by ourselves: spoilt behind our back, so that the server has to.
      place.sqs.middlewareStack.add(
        (next) => (args) => {
          const input = args.input as Partial<SendMessageBatchCommandInput>;
          if (input.QueueUrl !== queueUrl || input.Entries === undefined) return next(args);
          const spoil = (body = '') => (spoilt.has(body) ? `${body}\u0000` : body);
          const Entries = input.Entries.map((entry) => ({ ...entry, MessageBody: spoil(entry.MessageBody) }));
          return next({ ...args, input: { ...args.input, Entries } });
        },
        { step: 'initialize', name: `spoil ${queueUrl}` },
      );
      const messages = bodies(20).map((body) => ({ body }));
      const { counts, calls, failures } = await publishMessages({ client: place.sqs, queueUrl }, messages);
      expect([counts, calls]).toEqual([{ expected: 20, published: 18, failed: 2 }, 2]);
      // Not which code: SQS says InvalidMessageContents, ElasticMQ InvalidAttributeValue.
      expect(failures).toMatchObject([
        { index: 3, senderFault: true, attempts: 1 },
        { index: 12, senderFault: true, attempts: 1 },
      ]);
      const arrived = (await receiveAll(place, queueUrl, 18)).map(({ Body }) => Body);
      expect(arrived.sort()).toEqual(
        bodies(20)
          .filter((body) => !spoilt.has(body))
          .sort(),
      );
    });

    it('fails everything in one call where there is no such queue', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('there');
      const target = { client: place.sqs, queueUrl: `${queueUrl}-not` };
      const { failures, calls } = await publishMessages(
        target,
        bodies(25).map((body) => ({ body })),
        {
          concurrency: 1,
        },
      );
      expect(calls).toBe(1);
      expect(failures.map(({ code }) => code)).toEqual(bodies(25).map(() => 'QueueDoesNotExist'));
    });
  });

  describe('publishMessages to a FIFO queue', () => {
    it('keeps each group in order, and what is sent once more is dropped, also after it was deleted', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('groups', { fifo: true });
      const target = { client: place.sqs, queueUrl };
      for (const _ of ['first', 'again at once']) {
        expect((await publishMessages(target, inGroups(12))).counts.published).toBe(12);
      }
      const arrived = await receiveAll(place, queueUrl, 12);
      for (const group of [0, 1, 2]) {
        const ofGroup = arrived.filter(({ Attributes }) => Attributes?.MessageGroupId === `g${group}`);
        const expected = bodies(12).filter((_, index) => index % 3 === group);
        expect(ofGroup.map(({ Body }) => Body)).toEqual(expected);
      }
      expect((await publishMessages(target, inGroups(12))).counts.published).toBe(12);
      expect(await receiveAll(place, queueUrl)).toEqual([]);
    });

    it('reports a message without a deduplication id, and sends the rest of its group', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('plain', { fifo: true });
      const messages = inGroups(6).map((message, index) =>
        index === 3 ? { ...message, deduplicationId: undefined } : message,
      );
      const { counts, failures } = await publishMessages({ client: place.sqs, queueUrl }, messages);
      expect(counts).toEqual({ expected: 6, published: 5, failed: 1 });
      expect(failures).toMatchObject([
        { index: 3, code: 'InvalidParameterValue', senderFault: true, attempts: 1 },
      ]);
      const arrived = (await receiveAll(place, queueUrl, 5)).map(({ Body }) => Body);
      expect(arrived.sort()).toEqual(bodies(6).filter((_, index) => index !== 3));
    });

    it('lets a queue that deduplicates by content do so', async () => {
      const place = getPlace();
      const options = { fifo: true, contentBasedDeduplication: true };
      const { queueUrl } = await place.createQueue('content', options);
      const same = { body: { order: 7 }, groupId: 'g' };
      const { counts } = await publishMessages({ client: place.sqs, queueUrl }, [same, same]);
      expect(counts.published).toBe(2);
      expect((await receiveAll(place, queueUrl)).map(({ Body }) => Body)).toEqual(['{"order":7}']);
    });
  });

  describe('sendToQueue', () => {
    const summary = {
      id: 'nightly',
      counts: { expected: 2, succeeded: 1, failed: 1, timedOut: 0, cancelled: 0, notStarted: 0 },
      completionReason: 'ALL_COMPLETED',
      deliveryId: 'delivery-7',
      metadata: undefined,
      decidedAt: 1_800_000_000_000,
    } as const;
    const deliver = async (queueUrl: string, times: number) => {
      const sink = sendToQueue({ client: getPlace().sqs, queueUrl });
      const { signal } = new AbortController();
      for (let time = 0; time < times; time += 1) await sink(summary, { signal });
    };

    it('sends the summary as JSON', async () => {
      const { queueUrl } = await getPlace().createQueue('summary');
      await deliver(queueUrl, 1);
      const [message, ...others] = await receiveAll(getPlace(), queueUrl, 1);
      expect(others).toEqual([]);
      expect(JSON.parse(message?.Body ?? '')).toEqual(summary);
    });

    it('to a FIFO queue arrives once, however often it is delivered', async () => {
      const { queueUrl } = await getPlace().createQueue('summaries', { fifo: true });
      await deliver(queueUrl, 3);
      const messages = await receiveAll(getPlace(), queueUrl, 1);
      expect(messages).toMatchObject([{ Attributes: { MessageDeduplicationId: summary.deliveryId } }]);
    });
  });
}
