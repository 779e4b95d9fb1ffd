import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createFanIn, memoryFanInStore } from '../../src/aggregation/index.js';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { createDeadLetterHandler, createWorker } from '../../src/invocation/index.js';
import { sqsEvent, type TestMessage } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.object({ n: z.number() });
const item = (n: number, more: Partial<TestMessage> = {}, id = 'job') => ({
  body: toEnvelope(id, n, { n }),
  ...more,
});
const batch = (...numbers: number[]) => sqsEvent(numbers.map((n) => item(n)));
const double = ({ n }: { n: number }) => n * 2;

describe('createWorker with a fan-in', () => {
  it('acknowledges a record only after its outcome is durable', async () => {
    let release = (): void => {};
    const durable = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fanIn = fakeFanIn({ before: () => durable });
    let hasAnswered = false;
    const answer = createWorker({ input, process: double, fanIn })(batch(0)).then((value) => {
      hasAnswered = true;
      return value;
    });
    await vi.waitUntil(() => fanIn.calls.length === 1);
    expect(hasAnswered).toBe(false);
    release();
    expect(failedIds(await answer)).toEqual([]);
    expect(fanIn.settled.get('job/0')).toEqual({ status: 'succeeded', value: 0 });
  });

  it('reports what could not be settled', async () => {
    const fanIn = fakeFanIn({
      before: (id) => {
        if (id === 'down') throw new Error('throttled');
      },
    });
    const handler = createWorker({ input, process: double, fanIn });
    const answer = await handler(sqsEvent([item(0), item(1, {}, 'down'), item(2)]));
    expect(failedIds(answer)).toEqual(['message-1']);
    expect([...fanIn.settled.keys()]).toEqual(['job/0', 'job/2']);
  });

  it('reports a record whose settle was applied but whose reply was lost', async () => {
    const fanIn = fakeFanIn({
      after: () => {
        throw new Error('reset');
      },
    });
    const handler = createWorker({ input, process: double, fanIn });
    expect(failedIds(await handler(batch(0)))).toEqual(['message-0']);
  });

  it('acknowledges duplicates, and items of a fan-in that is gone', async () => {
    const fanIn = fakeFanIn({ gone: ['old'] });
    const handler = createWorker({ input, process: double, fanIn });
    const event = sqsEvent([item(0), item(0, {}, 'old')]);
    expect(failedIds(await handler(event))).toEqual([]);
    expect(failedIds(await handler(event))).toEqual([]);
  });

  it('settles ten records that end together in one call, and those of another fan-in in another', async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process: double, fanIn });
    await handler(batch(...Array(10).keys()));
    expect(fanIn.calls).toEqual([{ id: 'job', indices: [...Array(10).keys()] }]);
    await handler(sqsEvent([item(10), item(0, {}, 'other'), item(11)]));
    expect(fanIn.calls.slice(1)).toEqual([
      { id: 'job', indices: [10, 11] },
      { id: 'other', indices: [0] },
    ]);
  });

  it('gathers what ends while a settle is under way into the next one', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fanIn = fakeFanIn({ before: (_, indices) => (indices[0] === 0 ? held : undefined) });
    const handler = createWorker({
      input,
      process: async ({ n }) => {
        if (n > 0) await vi.waitUntil(() => fanIn.calls.length > 0);
        for (let turn = 0; turn < n; turn++) await new Promise(setImmediate);
        if (n === 4) release();
      },
      fanIn,
    });
    await handler(batch(0, 1, 2, 3, 4));
    expect(fanIn.calls[0]?.indices).toEqual([0]);
    expect(fanIn.calls[1]?.indices).toContain(3);
    expect(fanIn.calls.length).toBeLessThan(5);
  });

  it('reports the one poisoned envelope and settles its neighbours', async () => {
    const fanIn = fakeFanIn({ total: 9 });
    const handler = createWorker({ input, process: double, fanIn });
    expect(failedIds(await handler(batch(...Array(10).keys())))).toEqual(['message-9']);
    expect(fanIn.settled.size).toBe(9);
  });

  it('processes bare messages beside enveloped ones, and settles nothing for them', async () => {
    const fanIn = fakeFanIn();
    const process = vi.fn(double);
    const handler = createWorker({ input, process, fanIn });
    expect(failedIds(await handler(sqsEvent([{ body: { n: 7 } }, item(0)])))).toEqual([]);
    expect(process).toHaveBeenCalledTimes(2);
    expect([...fanIn.settled.keys()]).toEqual(['job/0']);
  });

  it.each([
    ['an unknown version', { fanfold: 2, fanIn: { id: 'job', index: 0 }, payload: { n: 1 } }],
    ['a bad index', { fanfold: 1, fanIn: { id: 'job', index: -1 }, payload: { n: 1 } }],
    ['no address', { fanfold: 1, payload: { n: 1 } }],
  ])('reports an envelope with %s without processing it', async (_, body) => {
    const process = vi.fn();
    const fanIn = fakeFanIn();
    expect(failedIds(await createWorker({ input, process, fanIn })(sqsEvent([{ body }])))).toEqual([
      'message-0',
    ]);
    expect(process).not.toHaveBeenCalled();
    expect(fanIn.calls).toEqual([]);
  });

  it('ignores fields of an envelope that it does not know', async () => {
    const fanIn = fakeFanIn();
    const body = { ...toEnvelope('job', 0, { n: 1 }), trace: 'x' };
    await createWorker({ input, process: double, fanIn })(sqsEvent([{ body }]));
    expect(fanIn.settled.get('job/0')).toEqual({ status: 'succeeded', value: 2 });
  });

  it('reports an envelope on a worker without a fan-in, unprocessed', async () => {
    const process = vi.fn();
    expect(failedIds(await createWorker({ input, process })(batch(0)))).toEqual(['message-0']);
    expect(process).not.toHaveBeenCalled();
  });
});

describe('createWorker with onPermanentFailure', () => {
  const refuse = () => {
    throw new NonRetryableError('no such book', { code: 'NoSuchBook' });
  };

  it('settles a permanent failure as failed and acknowledges it, by default', async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process: refuse, fanIn });
    const bad = { body: toEnvelope('job', 1, { n: 'x' }) };
    expect(failedIds(await handler(sqsEvent([item(0), bad])))).toEqual([]);
    expect(fanIn.settled.get('job/0')).toMatchObject({
      status: 'failed',
      error: { name: 'NonRetryableError', code: 'NoSuchBook', message: 'no such book', retryable: false },
    });
    expect(fanIn.settled.get('job/1')).toMatchObject({
      status: 'failed',
      error: { code: 'InvalidInput', message: expect.stringMatching(/^n: /), retryable: false },
    });
  });

  it("leaves it to the dead-letter queue with 'deadLetter'", async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process: refuse, fanIn, onPermanentFailure: 'deadLetter' });
    expect(failedIds(await handler(batch(0)))).toEqual(['message-0']);
    expect(fanIn.settled.size).toBe(0);
  });

  it('reports a permanent failure of a bare message, which has nothing to settle', async () => {
    const handler = createWorker({ input, process: refuse, fanIn: fakeFanIn() });
    expect(failedIds(await handler(sqsEvent([{ body: { n: 1 } }, { body: 'no JSON' }])))).toHaveLength(2);
  });
});

describe('createWorker with maxReceiveCount', () => {
  const fail = () => {
    throw Object.assign(new TypeError('socket hang up'), { code: 'ECONNRESET' });
  };
  const last = (n: number) => item(n, { receiveCount: 3 });

  it('keeps the real reason on the last receive only, and settles nothing', async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process: fail, fanIn, maxReceiveCount: 3 });
    expect(failedIds(await handler(sqsEvent([item(0, { receiveCount: 2 }), last(1)])))).toHaveLength(2);
    expect([...fanIn.reasons]).toEqual([
      ['job/1', { name: 'TypeError', message: 'socket hang up', code: 'ECONNRESET', retryable: true }],
    ]);
    expect(fanIn.settled.size).toBe(0);
  });

  it('reports the record also when the reason cannot be kept', async () => {
    const fanIn = fakeFanIn({
      onRecordFailure: () => {
        throw new Error('throttled');
      },
    });
    const handler = createWorker({ input, process: fail, fanIn, maxReceiveCount: 3 });
    expect(failedIds(await handler(sqsEvent([last(0)])))).toEqual(['message-0']);
  });

  it('keeps why an item could not be settled', async () => {
    const fanIn = fakeFanIn({
      before: () => {
        throw new Error('table is gone');
      },
    });
    const handler = createWorker({ input, process: double, fanIn, maxReceiveCount: 3 });
    expect(failedIds(await handler(sqsEvent([last(0)])))).toEqual(['message-0']);
    expect(fanIn.reasons.get('job/0')?.message).toBe('table is gone');
  });
});

describe('createWorker and createDeadLetterHandler over a real fan-in', () => {
  it('complete a job exactly once, with every reason, whatever is delivered twice', async () => {
    const completions: unknown[] = [];
    const fanIn = createFanIn<number>({
      store: memoryFanInStore(),
      onComplete: ({ counts }) => completions.push(counts),
      storeResults: true,
    });
    await fanIn.open('job', { total: 12 });
    const worker = createWorker({
      input,
      process: ({ n }) => {
        if (n === 3) throw new NonRetryableError('never');
        if (n === 5) throw new Error('not this time');
        return n * 2;
      },
      fanIn,
      maxReceiveCount: 1,
    });
    const poisoned = item(12, { messageId: 'poisoned' });
    const event = sqsEvent([...Array.from({ length: 12 }, (_, n) => item(n)), poisoned]);
    expect(failedIds(await worker(event))).toEqual(['message-5', 'poisoned']);
    expect(failedIds(await worker(event))).toEqual(['message-5', 'poisoned']);
    expect(completions).toEqual([]);

    const deadLetters = createDeadLetterHandler({ fanIn });
    const dead = sqsEvent([item(5, { messageId: 'five' }), poisoned]);
    expect(failedIds(await deadLetters(dead))).toEqual(['poisoned']);
    expect(failedIds(await deadLetters(dead))).toEqual(['poisoned']);
    expect(completions).toEqual([
      { expected: 12, succeeded: 10, failed: 2, timedOut: 0, cancelled: 0, notStarted: 0 },
    ]);
    const outcomes = new Map<number, unknown>();
    for await (const { index, outcome } of fanIn.results('job')) outcomes.set(index, outcome);
    expect(outcomes.get(5)).toMatchObject({ status: 'failed', error: { message: 'not this time' } });
    expect(outcomes.get(4)).toEqual({ status: 'succeeded', value: 8 });
  });
});
