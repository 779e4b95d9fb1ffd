import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { createWorker } from '../../src/invocation/index.js';
import { lambdaContext, sqsEvent } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.number();
const batch = (...numbers: number[]) => sqsEvent(numbers.map((n) => ({ body: JSON.stringify(n) })));
const enveloped = (...numbers: number[]) =>
  sqsEvent(numbers.map((n) => ({ body: toEnvelope('job', n, n), receiveCount: 3 })));
const hang = () => new Promise<never>(() => {});

const fiveSeconds = () => lambdaContext({ timeoutMs: 5_000 });

/** A context whose remaining time a test sets. */
function clock(remaining: number) {
  return {
    remaining,
    getRemainingTimeInMillis() {
      return this.remaining;
    },
  };
}

/** Lets the time of a function with a timeout of 5 s pass, up to half of its margin of 1 s: an answer must be there. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(4_500);
  return answer;
}

describe('createWorker near the Lambda deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reports what hangs, acknowledges what ended, and answers before the deadline', async () => {
    const handler = createWorker({
      input,
      process: (n) => (n === 1 ? hang() : undefined),
    });
    expect(failedIds(await inTime(handler(batch(0, 1, 2), fiveSeconds())))).toEqual(['message-1']);
  });

  it('starts nothing once the margin is reached', async () => {
    const context = clock(10_000);
    const started: number[] = [];
    const handler = createWorker({
      input,
      concurrency: 1,
      process: (n) => {
        started.push(n);
        if (n === 1) context.remaining = 900;
      },
    });
    expect(failedIds(await handler(batch(0, 1, 2, 3), context))).toEqual(['message-2', 'message-3']);
    expect(started).toEqual([0, 1]);
  });

  it('has no deadline without a context, or with one that tells no time', async () => {
    const handler = createWorker({
      input,
      process: (_, { remainingMs }) => {
        if (remainingMs() !== Number.POSITIVE_INFINITY) throw new Error('timed');
      },
    });
    const untimed: unknown[] = [undefined, {}, { getRemainingTimeInMillis: () => Number.NaN }];
    for (const context of untimed) {
      expect(failedIds(await handler(batch(0), context as Parameters<typeof handler>[1]))).toEqual([]);
    }
  });

  it("tells process Lambda's remaining time", async () => {
    const seen: number[] = [];
    const handler = createWorker({
      input,
      process: (_, { remainingMs }) => {
        seen.push(remainingMs());
      },
    });
    await handler(batch(0), clock(4_321));
    expect(seen).toEqual([4_321]);
  });

  it('aborts the signals of what is unfinished, also one that is read afterwards, and only those', async () => {
    const contexts: { readonly signal: AbortSignal }[] = [];
    const signals: AbortSignal[] = [];
    const handler = createWorker({
      input,
      process: (n, context) => {
        if (n < 2) signals.push(context.signal);
        contexts.push(context);
        return n === 0 ? undefined : hang();
      },
    });
    await inTime(handler(batch(0, 1, 2), fiveSeconds()));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(signals[1]?.reason).toMatchObject({ code: 'DeadlineExceeded' });
    expect(contexts[2]?.signal.aborted).toBe(true);
  });

  it('does not settle a record that finishes after it was reported', async () => {
    const fanIn = fakeFanIn();
    let finish = (): void => {};
    const late = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const handler = createWorker({ input, process: () => late, fanIn });
    expect(failedIds(await inTime(handler(enveloped(0), fiveSeconds())))).toEqual(['message-0']);
    finish();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fanIn.calls).toEqual([]);
  });

  it('neither retries nor starts anything after it answered', async () => {
    let fail = (_: Error): void => {};
    const process = vi.fn(
      () =>
        new Promise<void>((_, reject) => {
          fail = reject;
        }),
    );
    const handler = createWorker({
      input,
      concurrency: 1,
      retry: { intervalSeconds: 0 },
      process,
    });
    expect(failedIds(await inTime(handler(batch(0, 1), fiveSeconds())))).toHaveLength(2);
    fail(new Error('late'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(process).toHaveBeenCalledTimes(1);
  });

  it('ends the wait before a retry', async () => {
    const handler = createWorker({
      input,
      retry: { intervalSeconds: 60 },
      process: () => {
        throw new Error('x');
      },
    });
    expect(failedIds(await inTime(handler(batch(0), fiveSeconds())))).toEqual(['message-0']);
  });

  it('lets what ended before still settle', async () => {
    const context = clock(10_000);
    const fanIn = fakeFanIn({ before: () => new Promise(setImmediate) });
    const handler = createWorker({
      input,
      process: () => {
        context.remaining = 500;
      },
      concurrency: 1,
      fanIn,
    });
    expect(failedIds(await inTime(handler(enveloped(0, 1), context)))).toEqual(['message-1']);
    expect(fanIn.settled.has('job/0')).toBe(true);
  });

  it('does not wait for a settle that hangs', async () => {
    const fanIn = fakeFanIn({ before: hang });
    const handler = createWorker({ input, process: () => {}, fanIn });
    expect(failedIds(await inTime(handler(enveloped(0), fiveSeconds())))).toEqual(['message-0']);
  });

  it('keeps the deadline as the reason of what is unfinished or untried on its last receive', async () => {
    const fanIn = fakeFanIn();
    const handler = createWorker({
      input,
      concurrency: 1,
      process: hang,
      fanIn,
      maxReceiveCount: 3,
    });
    expect(failedIds(await inTime(handler(enveloped(0, 1), fiveSeconds())))).toHaveLength(2);
    expect([...fanIn.reasons.keys()]).toEqual(['job/0', 'job/1']);
    expect(fanIn.reasons.get('job/1')).toMatchObject({ code: 'DeadlineExceeded', retryable: true });
  });

  it('leaves no timer behind', async () => {
    const handler = createWorker({ input, timeoutMs: 60_000, process: hang });
    await inTime(handler(batch(0), fiveSeconds()));
    expect(vi.getTimerCount()).toBe(0);
    await createWorker({ input, timeoutMs: 60_000, process: () => {} })(batch(0), fiveSeconds());
    expect(vi.getTimerCount()).toBe(0);
  });
});
