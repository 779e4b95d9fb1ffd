import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { FanfoldError } from '../../src/errors.js';
import { type BatchEvent, createWorker, type RecordEvent } from '../../src/invocation/index.js';
import { sqsEvent } from '../../src/testing/index.js';
import { fakeFanIn } from './fakeFanIn.js';

const records: RecordEvent[] = [];
const batches: BatchEvent[] = [];
const keepRecord = (event: unknown) => void records.push(event as RecordEvent);
const keepBatch = (event: unknown) => void batches.push(event as BatchEvent);
beforeEach(() => {
  records.length = 0;
  batches.length = 0;
  subscribe('fanfold:record', keepRecord);
  subscribe('fanfold:batch', keepBatch);
});
afterEach(() => {
  unsubscribe('fanfold:record', keepRecord);
  unsubscribe('fanfold:batch', keepBatch);
});

const input = z.object({ n: z.number() });
const process = ({ n }: { n: number }) => {
  if (n === 1) throw new FanfoldError('NoSuchBook', 'secret');
  return 'secret';
};
const durationMs = expect.any(Number);

describe('the channels fanfold:record and fanfold:batch', () => {
  it('tell how the records of an SQS batch ended, and nothing of their payloads and errors', async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process, fanIn });
    const bodies = [toEnvelope('job', 7, { n: 0 }), { n: 1 }, { n: 'secret' }, '{"secret'];
    await handler(sqsEvent(bodies.map((body) => ({ body }))));
    const ofSqs = (i: number) => ({ mode: 'sqs', messageId: `message-${i}`, receiveCount: 1, durationMs });
    expect([...records].sort((a, b) => String(a.messageId).localeCompare(String(b.messageId)))).toEqual([
      { ...ofSqs(0), fanIn: { id: 'job', index: 7 }, status: 'succeeded', attempts: 1 },
      {
        ...ofSqs(1),
        status: 'failed',
        attempts: 1,
        error: { name: 'FanfoldError', code: 'NoSuchBook' },
      },
      {
        ...ofSqs(2),
        status: 'failed',
        attempts: 0,
        error: expect.objectContaining({ code: 'InvalidInput' }),
      },
    ]);
    expect(batches).toEqual([
      { mode: 'sqs', records: 4, acknowledged: 1, reported: 3, postponed: 0, durationMs },
    ]);
    expect(JSON.stringify([records, batches])).not.toContain('secret');
  });

  it('tell of a record that found no slot, and was postponed', async () => {
    const semaphore = {
      withSlot: async () => {
        throw new FanfoldError('SlotNotFree', 'secret', { retryable: true });
      },
    };
    const queue = {
      client: { send: async () => ({}), config: { serviceId: 'SQS' } },
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/books',
    };
    const handler = createWorker({
      input,
      process,
      queue,
      semaphore: () => ({ semaphore, holder: 'h' }),
    });
    await handler(sqsEvent([{ body: { n: 0 } }]));
    expect(records).toMatchObject([{ status: 'untried', attempts: 0, error: { code: 'SlotNotFree' } }]);
    expect(batches).toMatchObject([{ records: 1, acknowledged: 1, reported: 0, postponed: 1 }]);
  });

  it('tell of a direct call, of one that throws too', async () => {
    const handler = createWorker({ input, process, concurrency: 1 });
    await handler([{ n: 0 }, { n: 1 }]);
    const throwing = createWorker({ input, process, directFailure: 'throw' });
    await expect(throwing({ n: 1 })).rejects.toMatchObject({ code: 'NoSuchBook' });
    expect(records.map(({ mode, status }) => [mode, status])).toEqual([
      ['direct', 'succeeded'],
      ['direct', 'failed'],
      ['direct', 'failed'],
    ]);
    expect(batches).toEqual([
      { mode: 'direct', records: 2, acknowledged: 1, reported: 1, postponed: 0, durationMs },
      { mode: 'direct', records: 1, acknowledged: 0, reported: 1, postponed: 0, durationMs },
    ]);
    expect(JSON.stringify([records, batches])).not.toContain('secret');
  });
});
