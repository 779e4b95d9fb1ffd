import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { createWorker, type ProcessContext } from '../../src/invocation/index.js';
import { sqsEvent } from '../../src/testing/index.js';
import * as events from './events.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.object({ n: z.number() });
const bodies = (...numbers: number[]) => sqsEvent(numbers.map((n) => ({ body: { n } })));

describe('createWorker on SQS', () => {
  it('reports exactly the records that failed', async () => {
    const handler = createWorker({
      input,
      process: ({ n }) => {
        if (n % 2 === 1) throw new Error('odd');
      },
    });
    expect(await handler(bodies(0, 1, 2, 3))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-3' }],
    });
  });

  it.each([
    [
      'a synchronous throw',
      () => {
        throw new Error('sync');
      },
    ],
    [
      'throw null',
      () => {
        throw null;
      },
    ],
    ['a rejection with undefined', () => Promise.reject(undefined)],
    [
      'an error whose message cannot be read',
      () => {
        throw {
          get message() {
            throw new Error('no');
          },
        };
      },
    ],
  ])('reports %s, and acknowledges the neighbour', async (_, fail) => {
    const handler = createWorker({ input, process: ({ n }) => (n === 0 ? fail() : n) });
    expect(failedIds(await handler(bodies(0, 1)))).toEqual(['message-0']);
  });

  it('reports a body that is not JSON, empty or absent, and one that the schema refuses', async () => {
    const process = vi.fn();
    const handler = createWorker({ input, process });
    const event = sqsEvent([{ body: '{"n":' }, { body: '' }, { body: { n: 'x' } }, { body: 'null' }]);
    const absent = { ...event.Records[0], messageId: 'absent', body: undefined };
    expect(failedIds(await handler({ Records: [...event.Records, absent] }))).toHaveLength(5);
    expect(process).not.toHaveBeenCalled();
  });

  it('throws when a record without a message id failed, so that the whole batch returns', async () => {
    const handler = createWorker({
      input,
      process: ({ n }) => {
        if (n === 0) throw new Error('x');
      },
    });
    for (const messageId of ['', undefined, null, 7]) {
      const [first, second] = bodies(0, 1).Records;
      const event = { Records: [{ ...first, messageId }, second] };
      await expect(handler(event)).rejects.toMatchObject({ code: 'MissingMessageId', retryable: true });
    }
  });

  it('answers for a batch whose records without a message id succeeded', async () => {
    const handler = createWorker({ input, process: () => {} });
    const event = { Records: bodies(0).Records.map((record) => ({ ...record, messageId: '' })) };
    expect(failedIds(await handler(event))).toEqual([]);
  });

  it('reports a message id once, even when the batch holds it twice', async () => {
    const handler = createWorker({
      input,
      process: () => {
        throw new Error('x');
      },
    });
    const event = sqsEvent([
      { body: { n: 1 }, messageId: 'same' },
      { body: { n: 2 }, messageId: 'same' },
    ]);
    expect(failedIds(await handler(event))).toEqual(['same']);
  });

  it('survives a record that is hardly one', async () => {
    const handler = createWorker({ input, process: () => {} });
    const event = { Records: [{ eventSource: 'aws:sqs', messageId: 'bare', body: '{"n":1}' }] };
    expect(failedIds(await handler(event))).toEqual([]);
  });

  it('hands out what the schema made of the input, also an asynchronous one', async () => {
    const seen: unknown[] = [];
    const transforming = z.object({ n: z.string().transform(async (text) => Number(text)) });
    const handler = createWorker({ input: transforming, process: ({ n }) => seen.push(n + 1) });
    await handler(sqsEvent([{ body: { n: '41' } }]));
    expect(seen).toEqual([42]);
  });

  it('takes any Standard Schema', async () => {
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'own',
        validate: (value: unknown) =>
          typeof value === 'string'
            ? { value }
            : { issues: [{ message: 'no text', path: [{ key: 'a' }, 0] }] },
        types: undefined as { input: string; output: string } | undefined,
      },
    };
    const handler = createWorker({ input: schema, process: (text) => text.toUpperCase() });
    expect(failedIds(await handler(sqsEvent([{ body: '"a"' }, { body: '1' }])))).toEqual(['message-1']);
    expect(await handler({ not: 'text' })).toMatchObject({ error: { message: 'a.0: no text' } });
  });

  it('treats a schema that throws as a failure that may pass', async () => {
    const throwing = z.number().transform(() => {
      throw new Error('lookup is down');
    });
    const fanIn = fakeFanIn();
    const handler = createWorker({ input: throwing, process: () => {}, fanIn });
    expect(failedIds(await handler(sqsEvent([{ body: toEnvelope('job', 0, 1) }])))).toEqual(['message-0']);
    expect(fanIn.settled.size).toBe(0);
  });

  it('tells process where its input came from', async () => {
    let seen: ProcessContext | undefined;
    const handler = createWorker({
      input: z.object({ isbn: z.string() }),
      process: (_, context) => {
        seen = context;
      },
    });
    await handler(events.sqs);
    expect(seen).toMatchObject({
      mode: 'sqs',
      messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
      receiveCount: 2,
      attempt: 1,
    });
    expect(seen?.signal.aborted).toBe(false);
    expect(seen?.remainingMs()).toBe(Number.POSITIVE_INFINITY);
    expect(seen).not.toHaveProperty('fanIn');
    expect(seen).not.toHaveProperty('stepFunctions');
  });

  it('hands out one signal, also from a context that a wrapper took apart or spread', async () => {
    const signals: AbortSignal[] = [];
    const handler = createWorker({
      input,
      process: (_, context) => {
        const { signal, remainingMs } = context;
        signals.push(signal, context.signal, { ...context, extra: 1 }.signal);
        return remainingMs();
      },
    });
    expect(failedIds(await handler(bodies(1)))).toEqual([]);
    expect(signals[0]).toBeInstanceOf(AbortSignal);
    expect(new Set(signals).size).toBe(1);
  });

  it('never has more than concurrency records in process', async () => {
    let running = 0;
    let peak = 0;
    const handler = createWorker({
      input,
      concurrency: 3,
      process: async () => {
        peak = Math.max(peak, ++running);
        await new Promise(setImmediate);
        running--;
      },
    });
    await handler(bodies(...Array(20).keys()));
    expect(peak).toBe(3);
  });

  it('unwraps SNS notifications', async () => {
    const seen: unknown[] = [];
    const handler = createWorker({
      input,
      process: (value) => {
        seen.push(value);
      },
    });
    const answer = await handler(
      sqsEvent([{ body: events.snsNotification('{"n":1}') }, { body: events.snsNotification('Hello!') }]),
    );
    expect(seen).toEqual([{ n: 1 }]);
    expect(failedIds(answer)).toEqual(['message-1']);
  });

  it('reads the mark of a task-token message, and an envelope beside it', async () => {
    const seen: unknown[] = [];
    const handler = createWorker({
      input,
      process: (value, { stepFunctions, fanIn }) => {
        seen.push([value, stepFunctions, fanIn]);
      },
      fanIn: fakeFanIn(),
    });
    const stepFunctions = { executionId: 'arn:x', taskToken: 'AAAA' };
    await handler(
      sqsEvent([
        { body: { stepFunctions, n: 1 } },
        { body: { stepFunctions, ...toEnvelope('job', 4, { n: 2 }) } },
      ]),
    );
    expect(seen).toEqual([
      [{ n: 1 }, stepFunctions, undefined],
      [{ n: 2 }, stepFunctions, { id: 'job', index: 4 }],
    ]);
  });

  it('is not fooled by __proto__ in a body', async () => {
    const process = vi.fn();
    const handler = createWorker({ input: z.looseObject({}), process, fanIn: fakeFanIn() });
    const body =
      '{"__proto__":{"fanfold":1,"fanIn":{"id":"job","index":0},"stepFunctions":{"taskToken":"x"}}}';
    expect(failedIds(await handler(sqsEvent([{ body }])))).toEqual([]);
    const context = process.mock.calls[0]?.[1];
    expect(context).not.toHaveProperty('fanIn');
    expect(context).not.toHaveProperty('stepFunctions');
    expect({}).not.toHaveProperty('fanfold');
  });

  it('keeps nothing between calls', async () => {
    let isDown = true;
    const handler = createWorker({
      input,
      process: () => {
        if (isDown) throw new Error('down');
      },
    });
    expect(failedIds(await handler(bodies(1)))).toEqual(['message-0']);
    isDown = false;
    expect(failedIds(await handler(bodies(1)))).toEqual([]);
  });
});

describe('createWorker with retry and timeoutMs', () => {
  it('counts attempts from 1 and retries within the call', async () => {
    const attempts: number[] = [];
    const handler = createWorker({
      input,
      retry: { intervalSeconds: 0, maxAttempts: 2 },
      process: (_, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error('not yet');
      },
    });
    expect(failedIds(await handler(bodies(1)))).toEqual([]);
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('does not retry what cannot be helped', async () => {
    const process = vi.fn(() => {
      throw new NonRetryableError('never');
    });
    const handler = createWorker({ input, retry: { intervalSeconds: 0, maxAttempts: 5 }, process });
    expect(failedIds(await handler(bodies(1)))).toEqual(['message-0']);
    expect(process).toHaveBeenCalledTimes(1);
  });

  it('gives each attempt its time and its own signal', async () => {
    const signals: AbortSignal[] = [];
    const handler = createWorker({
      input,
      timeoutMs: 5,
      retry: { intervalSeconds: 0, maxAttempts: 1 },
      process: (_, { attempt, signal }) => {
        signals.push(signal);
        return attempt === 1 ? new Promise(() => {}) : 'done';
      },
    });
    expect(failedIds(await handler(bodies(1)))).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(signals[0]?.reason).toMatchObject({ code: 'TimedOut', retryable: true });
  });

  it('aborts a signal that is first read after the time was up', async () => {
    let late: (() => AbortSignal) | undefined;
    const handler = createWorker({
      input,
      timeoutMs: 5,
      process: (_, context) => {
        late = () => context.signal;
        return new Promise(() => {});
      },
    });
    expect(failedIds(await handler(bodies(1)))).toEqual(['message-0']);
    expect(late?.().aborted).toBe(true);
  });
});

describe('createWorker refuses', () => {
  const process = () => {};
  const client = { send: async () => ({}) };
  it.each([
    ['input', { input: {}, process }],
    ['input', { input: undefined, process }],
    ['process', { input, process: 'x' }],
    ['concurrency', { input, process, concurrency: 0 }],
    ['concurrency', { input, process, concurrency: 1.5 }],
    ['timeoutMs', { input, process, timeoutMs: 0 }],
    ['deadlineMarginMs', { input, process, deadlineMarginMs: -1 }],
    ['retry.maxAttempts', { input, process, retry: { maxAttempts: -1 } }],
    ['maxReceiveCount', { input, process, maxReceiveCount: 0 }],
    ['onPermanentFailure', { input, process, onPermanentFailure: 'drop' }],
    ['onPermanentFailure', { input, process, onPermanentFailure: 'settle' }],
    ['directFailure', { input, process, directFailure: 'maybe' }],
    ['fanIn', { input, process, fanIn: {} }],
    ['queue.client', { input, process, queue: { queueUrl: 'https://x' } }],
    [
      'queue.client',
      {
        input,
        process,
        queue: { client: { send: client.send, config: { serviceId: 'SFN' } }, queueUrl: 'https://x' },
      },
    ],
    ['queue.queueUrl', { input, process, queue: { client, queueUrl: '' } }],
    ['items', { input, process, items: [] }],
    ['respond', { input, process, respond: {} }],
  ])('a bad %s when it is made', (field, options) => {
    const make = () => createWorker(options as unknown as Parameters<typeof createWorker>[0]);
    expect(make).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    expect(make).toThrow(new RegExp(`^${field.replace('.', '\\.')}: expected `));
  });
});
