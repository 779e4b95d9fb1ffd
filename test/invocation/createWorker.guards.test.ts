import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { createSemaphore, memorySemaphoreStore } from '../../src/fanout/index.js';
import { createWorker } from '../../src/invocation/index.js';
import { createJobs, memoryJobStore } from '../../src/jobs/index.js';
import { lambdaContext, sqsEvent, type TestMessage } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.number();
const batch = (...numbers: number[]) => sqsEvent(numbers.map((n) => ({ body: JSON.stringify(n) })));
const id = (n: number) => `job ${n}`;

interface SentInput {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly VisibilityTimeout?: number;
  readonly MessageAttributes?: Record<string, { readonly StringValue?: string }>;
}

/** A queue that keeps what is sent to it. */
function fakeQueue() {
  const sent: SentInput[] = [];
  const send = async (command: { readonly input: SentInput }) => sent.push(command.input);
  return { sent, queue: { client: { send }, queueUrl: 'https://q' } };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('createWorker with jobs', () => {
  it('refuses what is no job port, before any call', () => {
    const process = () => 1;
    expect(() => createWorker({ input, process, jobs: {} as never })).toThrow(/^jobs.jobs.run: expected/);
    const jobs = createJobs({ store: memoryJobStore() });
    expect(() => createWorker({ input, process, jobs: { jobs } as never })).toThrow(/^jobs.id: expected/);
    expect(() => createWorker({ input, process, semaphore: 7 as never })).toThrow(/^semaphore: expected/);
  });

  it('does not do work again that is recorded as done, and answers with its result', async () => {
    const process = vi.fn((n: number) => ({ n, at: new Date(0) }));
    const fanIn = fakeFanIn();
    const jobs = createJobs({ store: memoryJobStore() });
    const handler = createWorker({ input, process, fanIn, jobs: { jobs, id } });
    expect(await handler(7)).toEqual({ n: 7, at: new Date(0) });
    expect(await handler(7)).toEqual({ n: 7, at: new Date(0) });
    expect(failedIds(await handler(sqsEvent([{ body: toEnvelope('f', 0, 7) }])))).toEqual([]);
    expect(process).toHaveBeenCalledTimes(1);
    expect(fanIn.settled.get('f/0')).toMatchObject({ status: 'succeeded', value: { n: 7 } });
  });

  it('does not settle a permanent failure that the job could not record: the job can still succeed', async () => {
    const store = memoryJobStore();
    const dying = { ...store, change: () => Promise.reject(new Error('no connection')) };
    const fanIn = fakeFanIn();
    const handler = createWorker({
      input,
      process: () => {
        throw new NonRetryableError('no');
      },
      fanIn,
      jobs: { jobs: createJobs({ store: dying }), id },
    });
    expect(failedIds(await handler(sqsEvent([{ body: toEnvelope('f', 0, 7) }])))).toEqual(['message-0']);
    expect(fanIn.settled.size).toBe(0);
  });

  it('tells process its job, once for all retries within the call', async () => {
    const jobs = createJobs({ store: memoryJobStore() });
    const seen: unknown[] = [];
    const handler = createWorker({
      input,
      process: (_, { job, attempt }) => {
        seen.push([job, attempt]);
        if (attempt === 1) throw new Error('soon');
      },
      retry: { intervalSeconds: 0 },
      jobs: { jobs, id },
    });
    expect(failedIds(await handler(batch(1)))).toEqual([]);
    const job = { id: 'job 1', attempt: 1 };
    expect(seen).toEqual([
      [job, 1],
      [job, 2],
    ]);
  });

  it('tries again with the next delivery after a failure that trying again can help, and after no other', async () => {
    const jobs = createJobs({ store: memoryJobStore() });
    const process = vi.fn((n: number) => {
      throw n === 0 ? new Error('soon') : new NonRetryableError('never');
    });
    const handler = createWorker({ input, process, jobs: { jobs, id } });
    for (const calls of [1, 2]) {
      expect(failedIds(await handler(batch(0)))).toHaveLength(1);
      expect(process).toHaveBeenCalledTimes(calls);
    }
    process.mockClear();
    for (let i = 0; i < 2; i += 1) expect(failedIds(await handler(batch(1)))).toHaveLength(1);
    expect(process).toHaveBeenCalledTimes(1);
    expect(await jobs.get('job 0')).toMatchObject({ state: 'failed', attempt: 2 });
  });

  it('postpones a record whose job is in progress elsewhere until about when its lease ends', async () => {
    const jobs = createJobs({ store: memoryJobStore(), leaseMs: 60_000 });
    await jobs.claim('job 1');
    const { queue, sent } = fakeQueue();
    const process = vi.fn();
    const handler = createWorker({ input, process, queue, jobs: { jobs, id } });
    expect(failedIds(await handler(batch(1)))).toEqual([]);
    expect(process).not.toHaveBeenCalled();
    expect(sent).toMatchObject([{ MessageBody: '1' }]);
    expect(sent[0]?.DelaySeconds).toBeGreaterThan(50);
    expect(sent[0]?.DelaySeconds).toBeLessThanOrEqual(60);
  });

  it('reports it without a queue, and keeps that reason on its last receive', async () => {
    const jobs = createJobs({ store: memoryJobStore() });
    await jobs.claim('job 1');
    const fanIn = fakeFanIn();
    const handler = createWorker({
      input,
      process: () => 1,
      fanIn,
      maxReceiveCount: 3,
      jobs: { jobs, id },
    });
    const event = sqsEvent([{ body: toEnvelope('f', 0, 1), receiveCount: 3 }]);
    expect(failedIds(await handler(event))).toEqual(['message-0']);
    expect(fanIn.reasons.get('f/0')).toMatchObject({ code: 'JobBusy' });
    expect(fanIn.settled.size).toBe(0);
  });

  it('reports a record whose lease was lost while it was processed, and tells process', async () => {
    const store = memoryJobStore();
    const ahead = createJobs({ store, now: () => Date.now() + 3_600_000 });
    const { queue, sent } = fakeQueue();
    const handler = createWorker({
      input,
      process: () => ahead.claim('job 1'),
      queue,
      jobs: { jobs: createJobs({ store }), id },
    });
    expect(failedIds(await handler(batch(1)))).toEqual(['message-0']);
    expect(sent).toEqual([]);
  });

  it('leaves the job to the next delivery when the deadline comes', async () => {
    vi.useFakeTimers();
    const store = memoryJobStore();
    const jobs = createJobs({ store, leaseMs: 3_000 });
    const process = vi.fn((_n: number): unknown => new Promise(() => {}));
    const handler = createWorker({ input, process, jobs: { jobs, id } });
    const answer = handler(batch(1), lambdaContext({ timeoutMs: 10_000 }));
    await vi.advanceTimersByTimeAsync(9_500);
    expect(failedIds(await answer)).toEqual(['message-0']);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    process.mockReturnValue('done');
    expect(await handler(1)).toBe('done');
    expect(await jobs.get('job 1')).toMatchObject({ attempt: 2, result: 'done' });
  });
});

describe('createWorker with a semaphore', () => {
  const limited = (limit: number) =>
    createSemaphore({ store: memorySemaphoreStore() }, 'database', { limit, leaseMs: 60_000 });

  it('processes no more at once than there are slots, and gives them back', async () => {
    const semaphore = limited(2);
    let busy = 0;
    let peak = 0;
    const handler = createWorker({
      input,
      concurrency: 8,
      process: async () => {
        busy += 1;
        peak = Math.max(peak, busy);
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
      },
      semaphore: (n) => ({ semaphore, holder: id(n), waitMs: 15_000 }),
    });
    expect(failedIds(await handler(batch(1, 2, 3, 4)))).toEqual([]);
    expect(peak).toBe(2);
    expect(await semaphore.acquire('other')).toBeDefined();
  });

  it('postpones what finds no slot, and acknowledges the original', async () => {
    const semaphore = limited(1);
    await semaphore.acquire('other');
    const { queue, sent } = fakeQueue();
    const process = vi.fn();
    const handler = createWorker({
      input,
      process,
      queue,
      semaphore: (n) => (n === 0 ? undefined : { semaphore, holder: id(n) }),
    });
    expect(failedIds(await handler(batch(0, 1, 2)))).toEqual([]);
    expect(process).toHaveBeenCalledTimes(1);
    expect(sent.map(({ MessageBody }) => MessageBody)).toEqual(['1', '2']);
    expect(sent[0]?.DelaySeconds).toBe(5);
  });

  it('does not claim a job for which there is no slot', async () => {
    const semaphore = limited(1);
    await semaphore.acquire('other');
    const jobs = createJobs({ store: memoryJobStore() });
    const handler = createWorker({
      input,
      process: () => 1,
      jobs: { jobs, id },
      semaphore: (n) => ({ semaphore, holder: id(n) }),
    });
    expect(failedIds(await handler(batch(1)))).toEqual(['message-0']);
    expect(await jobs.get('job 1')).toBeUndefined();
  });

  it('postpones what still waits for a slot when the deadline comes, and never begins it', async () => {
    vi.useFakeTimers();
    const semaphore = limited(1);
    const slot = await semaphore.acquire('other');
    const { queue, sent } = fakeQueue();
    const process = vi.fn();
    const handler = createWorker({
      input,
      process,
      queue,
      semaphore: (n) => ({ semaphore, holder: id(n), waitMs: 60_000 }),
    });
    const answer = handler(batch(1), lambdaContext({ timeoutMs: 5_000 }));
    await vi.advanceTimersByTimeAsync(4_500);
    expect(failedIds(await answer)).toEqual([]);
    await semaphore.release(slot);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(process).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shortens the visibility of a FIFO record, and reports it with the rest of its group', async () => {
    const semaphore = limited(1);
    await semaphore.acquire('other');
    const { queue, sent } = fakeQueue();
    const handler = createWorker({
      input,
      process: () => 1,
      queue,
      semaphore: (n) => (n === 3 ? undefined : { semaphore, holder: id(n) }),
    });
    const messages = [
      { body: 1, groupId: 'a' },
      { body: 2, groupId: 'a' },
      { body: 3, groupId: 'b' },
    ];
    const event = sqsEvent(messages, { queueName: 'orders.fifo' });
    expect(failedIds(await handler(event))).toEqual(['message-0', 'message-1']);
    expect(sent).toMatchObject([{ VisibilityTimeout: 5 }]);
  });

  it('answers a direct call as a retryable failure', async () => {
    const semaphore = limited(1);
    await semaphore.acquire('other');
    const handler = createWorker({
      input,
      process: () => 1,
      semaphore: (n) => ({ semaphore, holder: id(n) }),
    });
    expect(await handler(1)).toMatchObject({
      status: 'failed',
      error: { code: 'SlotNotFree', retryable: true },
    });
  });
});

describe('createWorker, when a record is postponed again and again', () => {
  const postponed = (count: string): TestMessage => ({
    body: 1,
    attributes: { kind: 'x', 'fanfold-postponed': Number(count) },
  });
  const setUp = async (maxPostponements?: number) => {
    const semaphore = createSemaphore({ store: memorySemaphoreStore() }, 's', { limit: 1, leaseMs: 60_000 });
    await semaphore.acquire('other');
    const { queue, sent } = fakeQueue();
    const handler = createWorker({
      input,
      process: () => 1,
      queue: maxPostponements === undefined ? queue : { ...queue, maxPostponements },
      semaphore: (n) => ({ semaphore, holder: id(n) }),
    });
    return { handler, sent };
  };

  it('counts it, and waits longer each time', async () => {
    const { handler, sent } = await setUp();
    expect(failedIds(await handler(sqsEvent([postponed('30')])))).toEqual([]);
    expect(sent[0]?.MessageAttributes).toMatchObject({
      kind: { StringValue: 'x' },
      'fanfold-postponed': { StringValue: '31' },
    });
    expect(sent[0]?.DelaySeconds).toBeGreaterThan(60);
    await handler(sqsEvent([postponed('99')]));
    expect(sent[1]?.DelaySeconds).toBe(900);
  });

  it('reports it in the end, so that the dead-letter queue gets it', async () => {
    const { handler, sent } = await setUp();
    expect(failedIds(await handler(sqsEvent([postponed('100')])))).toEqual(['message-0']);
    const { handler: strict } = await setUp(1);
    expect(failedIds(await strict(sqsEvent([postponed('1')])))).toEqual(['message-0']);
    expect(sent).toEqual([]);
  });

  it('does not count a message that has no room for another attribute', async () => {
    const { handler, sent } = await setUp();
    const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, i]));
    expect(failedIds(await handler(sqsEvent([{ body: 1, attributes }])))).toEqual([]);
    expect(Object.keys(sent[0]?.MessageAttributes ?? {})).toHaveLength(10);
  });
});
