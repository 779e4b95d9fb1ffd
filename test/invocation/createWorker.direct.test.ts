import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { NonRetryableError } from '../../src/errors.js';
import { createWorker, type ProcessContext } from '../../src/invocation/index.js';
import { lambdaContext } from '../../src/testing/index.js';
import * as events from './events.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.object({ n: z.number() });
const odd = ({ n }: { n: number }) => {
  if (n % 2 === 1) throw new RangeError(`${n} is odd`);
  return n * 10;
};
const oddError = (n: number) => ({ name: 'RangeError', message: `${n} is odd`, retryable: true });

/** Starts a call with a timeout of 5 s and lets the time pass up to half of its margin of 1 s. */
async function inTime<T>(call: (context: ReturnType<typeof lambdaContext>) => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date'] });
  const [answer] = await Promise.all([
    call(lambdaContext({ timeoutMs: 5_000 })),
    vi.advanceTimersByTimeAsync(4_500),
  ]);
  return answer;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('createWorker called directly with one item', () => {
  it('answers what process returned, also undefined', async () => {
    expect(await createWorker({ input, process: odd })({ n: 2 })).toBe(20);
    expect(await createWorker({ input, process: () => undefined })({ n: 2 })).toBeUndefined();
  });

  it('answers a failure with its error', async () => {
    expect(await createWorker({ input, process: odd })({ n: 1 })).toEqual({
      status: 'failed',
      error: oddError(1),
    });
  });

  it('answers an input that the schema refused, naming the fields and showing none of their values', async () => {
    const answer = await createWorker({ input, process: odd })({ n: 'secret' });
    expect(answer).toMatchObject({
      status: 'failed',
      error: { code: 'InvalidInput', message: expect.stringMatching(/^n: /), retryable: false },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it("throws the item's own error with directFailure 'throw'", async () => {
    const handler = createWorker({ input, process: odd, directFailure: 'throw' });
    await expect(handler({ n: 1 })).rejects.toBeInstanceOf(RangeError);
    await expect(handler({ n: 'x' })).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(await handler({ n: 2 })).toBe(20);
  });

  it('throws an Error even when process threw none', async () => {
    const handler = createWorker({
      input,
      process: () => {
        throw null;
      },
      directFailure: 'throw',
    });
    await expect(handler({ n: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'ItemFailed', message: 'null' }),
    );
  });

  it('answers a timeout as failed', async () => {
    const handler = createWorker({ input, timeoutMs: 5, process: () => new Promise(() => {}) });
    expect(await handler({ n: 1 })).toMatchObject({
      status: 'failed',
      error: { code: 'TimedOut', retryable: true },
    });
  });

  it('tells process the mark of a state machine, and hands on the payload without it', async () => {
    let seen: [unknown, ProcessContext] | undefined;
    const handler = createWorker({
      input: z.strictObject({ ticker: z.string() }),
      process: (value, context) => {
        seen = [value, context];
      },
    });
    await handler(events.stepFunctions);
    expect(seen?.[0]).toEqual({ ticker: 'AMZN' });
    expect(seen?.[1]).toMatchObject({
      mode: 'step-functions',
      stepFunctions: events.stepFunctions.stepFunctions,
    });
  });

  it('takes a text under stepFunctions for a field of the payload', async () => {
    const handler = createWorker({
      input: z.strictObject({ stepFunctions: z.string() }),
      process: (value, { mode }) => [value, mode],
    });
    expect(await handler({ stepFunctions: 'yes' })).toEqual([{ stepFunctions: 'yes' }, 'direct']);
  });
});

describe('createWorker called directly with many items', () => {
  it('answers successes and failures, each with index, input and error', async () => {
    const many = [{ n: 2 }, { n: 1 }, { n: 'x' }, { n: 4 }];
    expect(await createWorker({ input, process: odd })(many)).toEqual({
      successes: [20, 40],
      failures: [
        { index: 1, input: { n: 1 }, error: oddError(1) },
        { index: 2, input: { n: 'x' }, error: expect.objectContaining({ code: 'InvalidInput' }) },
      ],
    });
  });

  it('answers nothing for nothing', async () => {
    expect(await createWorker({ input, process: odd })([])).toEqual({ successes: [], failures: [] });
  });

  it('keeps successes whose result is undefined', async () => {
    const handler = createWorker({ input, process: () => undefined });
    expect(await handler([{ n: 1 }, { n: 2 }])).toEqual({ successes: [undefined, undefined], failures: [] });
  });

  it('finds the inputs with items, and answers with the jobId of the payload', async () => {
    const handler = createWorker({
      input: z.string().min(1),
      process: (id) => id.toUpperCase(),
      items: (payload) => (payload as { sourceIdentifiers: string[] }).sourceIdentifiers,
    });
    expect(await handler({ sourceIdentifiers: ['a', 'b'], jobId: 'j1' })).toEqual({
      successes: ['A', 'B'],
      failures: [],
      jobId: 'j1',
    });
    expect(await handler({ sourceIdentifiers: [] })).toEqual({ successes: [], failures: [] });
    expect(await handler('a')).toBe('A');
  });

  it('answers a failure when items cannot read the payload', async () => {
    const handler = createWorker({
      input,
      process: odd,
      items: (payload) => (payload as { list: unknown[] }).list,
    });
    expect(await handler(null)).toMatchObject({ status: 'failed', error: { name: 'TypeError' } });
    expect(await handler({ list: 'abc' })).toMatchObject({
      status: 'failed',
      error: { code: 'InvalidArgument' },
    });
  });

  it("throws one error that carries the answer with directFailure 'throw', where Lambda does not log it", async () => {
    const handler = createWorker({ input, process: odd, directFailure: 'throw' });
    const error = await handler([{ n: 2 }, { n: 1 }]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ItemsFailed',
      message: '1 of 2 items failed, the first at index 1',
      retryable: true,
      answer: { successes: [20], failures: [{ index: 1, input: { n: 1 }, error: oddError(1) }] },
    });
    expect(JSON.stringify(error)).not.toContain('input');
  });

  it('shapes either answer with respond', async () => {
    const handler = createWorker({
      input,
      process: odd,
      respond: (outcomes, { mode }) => ({
        mode,
        statuses: outcomes.map(({ status, index }) => [index, status]),
      }),
    });
    expect(await handler([{ n: 2 }, { n: 1 }])).toEqual({
      mode: 'direct',
      statuses: [
        [0, 'succeeded'],
        [1, 'failed'],
      ],
    });
    expect(await handler({ n: 2 })).toEqual({ mode: 'direct', statuses: [[0, 'succeeded']] });
  });

  it('tells respond the input and the attempts of each item', async () => {
    const seen: unknown[] = [];
    const handler = createWorker({
      input,
      process: odd,
      retry: { intervalSeconds: 0, maxAttempts: 1 },
      respond: (outcomes) => {
        seen.push(...outcomes);
      },
    });
    await handler([{ n: 1 }, { n: 'x' }]);
    expect(seen).toMatchObject([
      { index: 0, input: { n: 1 }, attempts: 2 },
      { index: 1, input: { n: 'x' }, attempts: 0 },
    ]);
  });

  it('answers what the deadline left unfinished', async () => {
    const handler = createWorker({
      input,
      concurrency: 2,
      process: ({ n }) => (n === 0 ? 'done' : new Promise<never>(() => {})),
    });
    const answer = await inTime((context) => handler([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }], context));
    expect(answer).toMatchObject({
      successes: ['done'],
      failures: [1, 2, 3].map((index) => ({
        index,
        input: { n: index },
        error: { code: 'DeadlineExceeded' },
      })),
    });
  });
});

describe('createWorker called directly with enveloped items', () => {
  it('settles what it answers: successes, and failures too, because nobody redelivers an answer', async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process: odd, fanIn });
    expect(await handler(toEnvelope('job', 0, { n: 2 }))).toBe(20);
    expect(await handler([toEnvelope('job', 1, { n: 1 }), { n: 4 }])).toMatchObject({ successes: [40] });
    expect([...fanIn.settled]).toEqual([
      ['job/0', { status: 'succeeded', value: 20 }],
      ['job/1', { status: 'failed', error: oddError(1) }],
    ]);
  });

  it('settles an item that ran out of time as timed out', async () => {
    const fanIn = fakeFanIn();
    const hang = () => new Promise<never>(() => {});
    await createWorker({ input, process: hang, timeoutMs: 5, fanIn })(toEnvelope('job', 0, { n: 0 }));
    const late = createWorker({ input, process: hang, fanIn });
    await inTime((context) => late(toEnvelope('job', 1, { n: 0 }), context));
    expect(fanIn.settled.get('job/0')).toMatchObject({ status: 'timedOut', error: { code: 'TimedOut' } });
    expect(fanIn.settled.get('job/1')).toMatchObject({
      status: 'timedOut',
      error: { code: 'DeadlineExceeded' },
    });
  });

  it("leaves a retryable failure unsettled with directFailure 'throw', for the caller to try again", async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({ input, process: odd, fanIn, directFailure: 'throw' });
    await expect(handler(toEnvelope('job', 0, { n: 1 }))).rejects.toBeInstanceOf(RangeError);
    await expect(handler(toEnvelope('job', 1, { n: 'x' }))).rejects.toMatchObject({ code: 'InvalidInput' });
    expect([...fanIn.settled.keys()]).toEqual(['job/1']);
  });

  it("throws what it leaves unsettled with onPermanentFailure 'deadLetter'", async () => {
    const fanIn = fakeFanIn();
    const process = () => {
      throw new NonRetryableError('never');
    };
    const handler = createWorker({ input, process, fanIn, onPermanentFailure: 'deadLetter' });
    await expect(handler(toEnvelope('job', 0, { n: 1 }))).rejects.toMatchObject({ code: 'NonRetryable' });
    expect(fanIn.settled.size).toBe(0);
  });

  it('throws when the outcome could not be settled, whatever directFailure says', async () => {
    const fanIn = fakeFanIn({
      before: () => {
        throw new Error('table is down');
      },
    });
    const handler = createWorker({ input, process: odd, fanIn });
    await expect(handler(toEnvelope('job', 0, { n: 2 }))).rejects.toThrow('table is down');
    await expect(handler([toEnvelope('job', 0, { n: 2 }), { n: 4 }])).rejects.toMatchObject({
      code: 'ItemsFailed',
      answer: { successes: [40], failures: [{ index: 0, input: { n: 2 } }] },
    });
  });

  it('throws for an envelope that it cannot settle, unprocessed', async () => {
    const process = vi.fn();
    const bare = createWorker({ input, process });
    await expect(bare(toEnvelope('job', 0, { n: 1 }))).rejects.toMatchObject({
      code: 'FanInMissing',
      retryable: true,
    });
    const handler = createWorker({ input, process, fanIn: fakeFanIn() });
    await expect(handler({ fanfold: 2 })).rejects.toMatchObject({
      code: 'UnsupportedEnvelope',
      retryable: true,
    });
    await expect(handler({ fanfold: 1 })).rejects.toMatchObject({ code: 'InvalidEnvelope' });
    expect(process).not.toHaveBeenCalled();
  });

  it('takes an envelope for one item, also around an array', async () => {
    const fanIn = fakeFanIn();
    const items = vi.fn();
    const handler = createWorker({
      input: z.array(z.number()),
      process: (list) => list.length,
      items,
      fanIn,
    });
    expect(await handler(toEnvelope('job', 0, [1, 2]))).toBe(2);
    expect(items).not.toHaveBeenCalled();
  });

  it('settles items that end together in one call', async () => {
    const fanIn = fakeFanIn();
    await createWorker({ input, process: odd, fanIn })([0, 2, 4].map((n) => toEnvelope('job', n, { n })));
    expect(fanIn.calls).toEqual([{ id: 'job', indices: [0, 2, 4] }]);
  });
});

describe('createWorker invoked by another source', () => {
  const whole = z.looseObject({});

  it.each([
    ['sns', events.sns],
    ['eventbridge', events.eventBridge],
    ['schedule', events.scheduler],
    ['s3', events.s3],
    ['dynamodb-stream', events.dynamoStream],
    ['kinesis', events.kinesis],
    ['kafka', events.msk],
    ['http', events.httpApi],
  ])('hands on the whole %s event as its one input', async (mode, event) => {
    const handler = createWorker({ input: whole, process: (value, context) => [value, context.mode] });
    expect(await handler(event)).toEqual([event, mode]);
  });

  it('throws where nobody reads the answer, and answers where somebody does', async () => {
    const handler = createWorker({
      input: whole,
      process: () => {
        throw new RangeError('x');
      },
    });
    for (const event of [
      events.sns,
      events.eventBridge,
      events.rule,
      events.s3,
      events.kinesis,
      events.msk,
    ]) {
      await expect(handler(event)).rejects.toBeInstanceOf(RangeError);
    }
    expect(await handler(events.restApi)).toMatchObject({ status: 'failed' });
  });

  it('finds many inputs in an event with items', async () => {
    const handler = createWorker({
      input: z.string(),
      process: (key) => key,
      items: (event) => (event as typeof events.s3).Records.map((record) => record.s3.object.key),
    });
    expect(await handler(events.s3)).toEqual({ successes: ['my+books.csv'], failures: [] });
  });
});
