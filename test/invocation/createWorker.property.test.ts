import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { createWorker } from '../../src/invocation/index.js';
import { lambdaContext, sqsEvent } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const behaviours = [
  'ok',
  'throw',
  'throwNull',
  'reject',
  'permanent',
  'hang',
  'slow',
  'badInput',
  'badJson',
] as const;
type Behaviour = (typeof behaviours)[number];

const plan = fc.record({
  records: fc.array(
    fc.record({
      behaviour: fc.constantFrom(...behaviours),
      enveloped: fc.boolean(),
      fanIn: fc.constantFrom('job', 'other', 'gone', 'down', 'flaky'),
      group: fc.constantFrom('a', 'b', 'c'),
      ms: fc.integer({ min: 0, max: 6_000 }),
      receiveCount: fc.integer({ min: 1, max: 3 }),
      poisoned: fc.boolean(),
      sameIdAsBefore: fc.nat(9).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  fifo: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 12 }),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
  retries: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  deadLetter: fc.boolean(),
  queue: fc.constantFrom('none', 'works', 'fails', 'hangs'),
  hasContext: fc.boolean(),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function behave(behaviour: Behaviour, ms: number): unknown {
  switch (behaviour) {
    case 'throw':
      throw new Error('sync');
    case 'throwNull':
      throw null;
    case 'reject':
      return wait(ms).then(() => Promise.reject(undefined));
    case 'permanent':
      throw new NonRetryableError('never');
    case 'hang':
      return new Promise(() => {});
    case 'slow':
      return wait(ms);
    default:
      return 'done';
  }
}

/** Runs one planned batch and answers what became of every record. */
async function run(planned: Plan) {
  const fanIn = fakeFanIn({
    total: 100,
    gone: ['gone'],
    before: async (id) => {
      await wait(id === 'flaky' ? 30 : 3);
      if (id === 'down') throw new Error('down');
    },
    after: (id, indices) => {
      if (id === 'flaky' && (indices[0] ?? 0) % 2 === 0) throw new Error('reply lost');
    },
  });
  const copies: unknown[] = [];
  const finished = new Set<number>();
  const running: { group: string; n: number }[] = [];
  const overtaken: string[] = [];
  const client = {
    send: async ({ input }: { input: { MessageBody?: string } }) => {
      if (planned.queue === 'hangs') await new Promise(() => {});
      if (planned.queue === 'fails') throw new Error('AccessDenied');
      copies.push(input.MessageBody);
    },
  };
  const handler = createWorker({
    input: z.object({ n: z.number(), behaviour: z.enum(behaviours), ms: z.number(), group: z.string() }),
    process: async ({ n, behaviour, ms, group }) => {
      const entry = { group, n };
      // A timed-out attempt may still be running when its own retry begins.
      const isOvertaking = running.some((other) => other.group === group && other.n !== n);
      if (planned.fifo && isOvertaking) overtaken.push(group);
      running.push(entry);
      try {
        await behave(behaviour, ms);
        finished.add(n);
      } finally {
        running.splice(running.indexOf(entry), 1);
      }
      return n;
    },
    concurrency: planned.concurrency,
    fanIn,
    maxReceiveCount: 3,
    onPermanentFailure: planned.deadLetter ? 'deadLetter' : 'settle',
    ...(planned.timeoutMs === undefined ? {} : { timeoutMs: planned.timeoutMs }),
    ...(planned.retries === undefined ? {} : { retry: { maxAttempts: planned.retries } }),
    ...(planned.queue === 'none' ? {} : { queue: { client, queueUrl: 'https://q' } }),
  });
  const records = planned.records.map((record, n) => {
    const payload = { ...record, n: record.behaviour === 'badInput' ? 'x' : n };
    const index = record.poisoned ? 100 + n : n;
    const value = record.enveloped ? toEnvelope(record.fanIn, index, payload) : payload;
    const body = record.behaviour === 'badJson' ? '{"n":' : JSON.stringify(value);
    const messageId = `m${record.sameIdAsBefore ? Math.max(0, n - 1) : n}`;
    return { body, messageId, receiveCount: record.receiveCount, groupId: record.group };
  });
  const event = sqsEvent(records, { queueName: planned.fifo ? 'q.fifo' : 'q' });
  const neverHangs = planned.hasContext || !planned.records.some(({ behaviour }) => behaviour === 'hang');
  const isTimed = planned.hasContext || (!neverHangs && planned.timeoutMs === undefined);
  const answering = handler(event, isTimed ? lambdaContext({ timeoutMs: 8_000 }) : undefined).then(
    (answer) => ({
      reported: failedIds(answer),
      settledAtAnswer: new Set(fanIn.settled.keys()),
      callsAtAnswer: fanIn.calls.length,
    }),
  );
  const [atAnswer] = await Promise.all([answering, vi.advanceTimersByTimeAsync(isTimed ? 7_500 : 1_000_000)]);
  await vi.advanceTimersByTimeAsync(1_000_000);
  return { records, fanIn, copies, finished, overtaken, ...atAnswer };
}

describe('createWorker, for any batch', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('acknowledges a record after its outcome is durable, or reports it: never neither', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const { records, reported, settledAtAnswer, callsAtAnswer, fanIn, ...rest } = await run(planned);
        const { copies, finished, overtaken } = rest;
        const ids = new Set(records.map(({ messageId }) => messageId));
        expect(new Set(reported).size).toBe(reported.length);
        for (const id of reported) expect(ids.has(id)).toBe(true);
        expect(overtaken).toEqual([]);
        // What finishes after it was reported is not settled.
        expect(fanIn.calls.length).toBe(callsAtAnswer);

        for (const [n, { messageId, body }] of records.entries()) {
          if (reported.includes(messageId)) continue;
          const { behaviour, enveloped, fanIn: id, poisoned } = planned.records[n] ?? {};
          if (copies.includes(body)) continue;
          expect(behaviour).not.toBe('badJson');
          if (!enveloped) {
            expect(finished.has(n)).toBe(true);
            continue;
          }
          expect(poisoned).toBe(false);
          expect(id).not.toBe('down');
          if (id !== 'gone') expect(settledAtAnswer.has(`${id}/${n}`)).toBe(true);
        }
      }),
      { numRuns: 250 },
    );
  });

  it('acknowledges everything when nothing goes wrong', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const records = planned.records.map((record) => ({
          ...record,
          behaviour: 'ok' as const,
          fanIn: 'job' as const,
          poisoned: false,
        }));
        expect((await run({ ...planned, records, queue: 'none' })).reported).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('reports the rest of a FIFO group after the first that comes back', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const records = planned.records.map((record) => ({ ...record, sameIdAsBefore: false }));
        const { reported, records: sent } = await run({ ...planned, records, fifo: true });
        for (const group of ['a', 'b', 'c']) {
          const isReported = sent
            .filter(({ groupId }) => groupId === group)
            .map(({ messageId }) => reported.includes(messageId));
          const first = isReported.indexOf(true);
          if (first >= 0) expect(isReported.slice(first)).not.toContain(false);
        }
      }),
      { numRuns: 100 },
    );
  });
});
