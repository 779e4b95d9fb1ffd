import {
  createDeadLetterHandler,
  createFanIn,
  createSemaphore,
  createWorker,
  fanOutToQueue,
  memoryFanInStore,
  memorySemaphoreStore,
  NonRetryableError,
  publishMessages,
  sendToQueue,
} from 'fanfold';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { queueDepth } from '../../src/local/queues.js';
import { collect } from '../collect.js';
import { until } from './executions.js';
import type { Place } from './place.js';
import { receiveAll } from './receiveAll.js';

/** How long a failed record stays hidden, and how long a function may take. */
const visibilityTimeoutSeconds = 3;
const timeoutMs = 3_000;

const isEmpty = ({ visible, inFlight, delayed }: Awaited<ReturnType<typeof queueDepth>>) =>
  visible + inFlight + delayed === 0;

/** Workers behind a queue: what comes back, what is dead, what waits. */
export function describeWorking(getPlace: () => Place): void {
  const untilEmpty = (queueUrl: string) =>
    until(async () => isEmpty(await queueDepth(getPlace().sqs, queueUrl)) || undefined);

  describe.concurrent('createWorker', () => {
    it('acknowledges what it did; what failed comes back alone, one receive older', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('flaky', { visibilityTimeoutSeconds });
      const seen = new Map<string, number[]>();
      const worker = createWorker({
        input: z.string(),
        process(item, { receiveCount = 0 }) {
          seen.set(item, [...(seen.get(item) ?? []), receiveCount]);
          if (item === 'flaky' && receiveCount === 1) throw new Error('not yet');
        },
      });
      place.registerFunction('flaky', worker, { timeoutMs });
      await publishMessages(
        { client: place.sqs, queueUrl },
        ['a', 'flaky', 'b'].map((body) => ({ body: JSON.stringify(body) })),
      );
      await place.mapQueue({ queueUrl, functionName: 'flaky' });
      await until(() => seen.get('flaky')?.includes(2) || undefined);
      await untilEmpty(queueUrl);
      expect(Object.fromEntries(seen)).toEqual({ a: [1], b: [1], flaky: [1, 2] });
    });

    it('and the dead-letter handler settle every item, with the reason of what nobody could process', async () => {
      const place = getPlace();
      const [queue, summaries] = await Promise.all([
        place.createQueue('items', { visibilityTimeoutSeconds, maxReceiveCount: 2 }),
        place.createQueue('summaries'),
      ]);
      const { queueUrl, deadLetterQueueUrl = '' } = queue;
      const fanIn = createFanIn<string>({
        store: memoryFanInStore(),
        storeResults: true,
        onComplete: sendToQueue({ client: place.sqs, queueUrl: summaries.queueUrl }),
      });
      const worker = createWorker({
        input: z.string(),
        fanIn,
        maxReceiveCount: 2,
        process(item) {
          if (item === 'poison') throw new Error('it never works');
          if (item === 'unknown') throw new NonRetryableError('no such item');
          return item;
        },
      });
      place.registerFunction('items', worker, { timeoutMs });
      place.registerFunction('dead', createDeadLetterHandler({ fanIn }), { timeoutMs });
      await place.mapQueue({ queueUrl, functionName: 'items' });
      await place.mapQueue({ queueUrl: deadLetterQueueUrl, functionName: 'dead' });
      const items = ['a', 'poison', 'b', 'unknown', 'c'];
      const target = { client: place.sqs, queueUrl, fanIn };
      await fanOutToQueue(target, 'nightly', items, { total: items.length });

      const counts = { expected: 5, succeeded: 3, failed: 2, timedOut: 0, cancelled: 0, notStarted: 0 };
      await until(async () => (await fanIn.status('nightly'))?.state === 'delivered' || undefined);
      const [{ Body = '' } = {}] = await receiveAll(place, summaries.queueUrl, 1);
      expect(JSON.parse(Body)).toMatchObject({ id: 'nightly', counts, completionReason: 'ALL_COMPLETED' });
      const results = await collect(fanIn.results('nightly'));
      expect(
        results.map(({ outcome }) => ('error' in outcome ? outcome.error.message : outcome.value)),
      ).toEqual(['a', 'it never works', 'b', 'no such item', 'c']);
      await Promise.all([untilEmpty(queueUrl), untilEmpty(deadLetterQueueUrl)]);
    });

    it('holds a FIFO group back behind the record that failed, and no other group', async () => {
      const place = getPlace();
      const { queueUrl } = await place.createQueue('ordered', { fifo: true, visibilityTimeoutSeconds });
      const done: string[] = [];
      const worker = createWorker({
        input: z.string(),
        process(item, { receiveCount }) {
          if (item === 'a1' && receiveCount === 1) throw new Error('not yet');
          done.push(item);
        },
      });
      place.registerFunction('ordered', worker, { timeoutMs });
      const messages = ['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2'].map((item) => ({
        body: JSON.stringify(item),
        groupId: item.slice(0, 1),
        deduplicationId: item,
      }));
      await publishMessages({ client: place.sqs, queueUrl }, messages);
      await place.mapQueue({ queueUrl, functionName: 'ordered' });
      await untilEmpty(queueUrl);
      const ofGroup = (group: string) => done.filter((item) => item.startsWith(group));
      expect([ofGroup('a'), ofGroup('b')]).toEqual([
        ['a0', 'a1', 'a2', 'a3'],
        ['b0', 'b1', 'b2'],
      ]);
    });

    it('postpones by a delayed copy what found no slot, which costs none of its receives', async () => {
      const place = getPlace();
      const options = { visibilityTimeoutSeconds: 30, maxReceiveCount: 1 };
      const { queueUrl, deadLetterQueueUrl = '' } = await place.createQueue('limited', options);
      const semaphore = createSemaphore({ store: memorySemaphoreStore() }, 'database', {
        limit: 1,
        leaseMs: 600_000,
      });
      const other = await semaphore.acquire('another worker');
      const done: unknown[] = [];
      const worker = createWorker({
        input: z.string(),
        queue: { client: place.sqs, queueUrl },
        semaphore: (holder) => ({ semaphore, holder }),
        process: (item, { receiveCount }) => done.push([item, receiveCount]),
      });
      place.registerFunction('limited', worker);
      await publishMessages({ client: place.sqs, queueUrl }, [
        { body: '"item"', attributes: { kept: 'yes' } },
      ]);
      await place.mapQueue({ queueUrl, functionName: 'limited' });
      await until(async () => (await queueDepth(place.sqs, queueUrl)).delayed === 1 || undefined);
      expect(done).toEqual([]);
      await semaphore.release(other);
      await untilEmpty(queueUrl);
      expect(done).toEqual([['item', 1]]);
      expect(isEmpty(await queueDepth(place.sqs, deadLetterQueueUrl))).toBe(true);
    });
  });
}
