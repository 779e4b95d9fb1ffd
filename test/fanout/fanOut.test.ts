import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NonRetryableError } from '../../src/errors.js';
import { fanOut, SourceFailedError } from '../../src/fanout/index.js';

const never = () => new Promise<never>(() => {});
const turns = (count = 20) =>
  new Promise<void>((resolve) => {
    const turn = (left: number): void => void (left === 0 ? resolve() : setImmediate(turn, left - 1));
    turn(count);
  });
const statuses = (result: { outcomes: readonly { status: string }[] }) =>
  result.outcomes.map(({ status }) => status);

afterEach(() => {
  vi.useRealTimers();
});

describe('fanOut', () => {
  describe('failures', () => {
    it('makes an outcome of every way to fail and carries on', async () => {
      const ways = [
        () => {
          throw new Error('sync');
        },
        () => {
          throw null;
        },
        () => Promise.reject(undefined),
        async () => {
          throw new NonRetryableError('gone', { code: 'Gone' });
        },
        () => ({
          // biome-ignore lint/suspicious/noThenProperty: a broken thenable is what is tested
          get then(): never {
            throw new TypeError('bad thenable');
          },
        }),
        () => 'fine',
      ];
      const result = await fanOut(ways, (way) => way());
      expect(statuses(result)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed', 'succeeded']);
      expect(result.outcomes[3]).toMatchObject({ error: { code: 'Gone', retryable: false }, attempts: 1 });
      expect(result.counts).toEqual({
        expected: 6,
        succeeded: 1,
        failed: 5,
        timedOut: 0,
        cancelled: 0,
        notStarted: 0,
      });
      expect(result.completionReason).toBe('ALL_COMPLETED');
    });

    it('times a hung promise out, aborts its signal and ignores what it answers late', async () => {
      vi.useFakeTimers();
      let signal: AbortSignal | undefined;
      let answerLate = (_: string): void => {};
      const run = fanOut(
        ['hung', 'quick'],
        (item, context) => {
          if (item === 'quick') return item;
          signal = context.signal;
          return new Promise<string>((resolve) => {
            answerLate = resolve;
          });
        },
        { timeoutMs: 50, concurrency: 1 },
      );
      await vi.advanceTimersByTimeAsync(50);
      answerLate('too late');
      const result = await run;
      expect(statuses(result)).toEqual(['timedOut', 'succeeded']);
      expect(result.outcomes[0]).toMatchObject({ error: { code: 'TimedOut', retryable: true }, attempts: 1 });
      expect(signal?.aborted).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('gives a worker that looks at its signal late an aborted one', async () => {
      let look = (): AbortSignal => {
        throw new Error('not begun');
      };
      await fanOut(
        [1],
        (_, context) => {
          look = () => context.signal;
          return never();
        },
        { timeoutMs: 5 },
      );
      expect(look().aborted).toBe(true);
    });

    it('retries in place by the policy, a time-out too, and counts the attempts', async () => {
      const seen: number[] = [];
      const result = await fanOut(
        ['flaky', 'hung', 'hopeless'],
        (item, { attempt }) => {
          if (item === 'hung') return attempt === 1 ? never() : 'woke';
          if (item === 'hopeless') throw new NonRetryableError('no');
          seen.push(attempt);
          if (attempt < 3) throw new Error('again');
          return 'done';
        },
        { retry: { intervalSeconds: 0, maxAttempts: 2 }, timeoutMs: 20 },
      );
      expect(statuses(result)).toEqual(['succeeded', 'succeeded', 'failed']);
      expect(result.outcomes.map(({ attempts }) => attempts)).toEqual([3, 2, 1]);
      expect(seen).toEqual([1, 2, 3]);
    });

    it('rejects when the source throws, after what had begun has ended, with all of it in the result', async () => {
      let finish = (): void => {};
      function* items() {
        yield 'slow';
        yield 'quick';
        throw new Error('disk gone');
      }
      let rejected = false;
      const run = fanOut(items(), (item) =>
        item === 'quick'
          ? item
          : new Promise<string>((resolve) => {
              finish = () => resolve(item);
            }),
      );
      const caught = run.catch((error: unknown) => {
        rejected = true;
        return error;
      });
      await turns();
      expect(rejected).toBe(false);
      finish();
      const error = await caught;
      expect(error).toBeInstanceOf(SourceFailedError);
      expect(error).toMatchObject({
        code: 'SourceFailed',
        cause: new Error('disk gone'),
        result: { counts: { expected: 2, succeeded: 2 }, completionReason: 'CANCELLED' },
      });
    });

    it('reports a source that cannot be opened, and an async one that rejects with undefined', async () => {
      const unopenable = {
        [Symbol.iterator]: () => {
          throw new Error('locked');
        },
      };
      await expect(fanOut(unopenable, () => 1)).rejects.toMatchObject({
        code: 'SourceFailed',
        cause: new Error('locked'),
      });
      const rejecting = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(undefined) }) };
      await expect(fanOut(rejecting, () => 1)).rejects.toMatchObject({
        code: 'SourceFailed',
        result: { counts: { expected: 0 } },
      });
    });

    it('never lets onProgress break anything', async () => {
      const onProgress = vi.fn<(counts: { succeeded: number }) => unknown>(() => {
        throw new Error('sync');
      });
      onProgress.mockImplementationOnce(() => Promise.reject(new Error('async')));
      const result = await fanOut([1, 2, 3], (item) => item, { onProgress });
      expect(result.counts.succeeded).toBe(3);
      expect(onProgress.mock.calls.map(([counts]) => counts.succeeded)).toEqual([1, 2, 3]);
    });

    it.each([
      ['items', [5 as never, () => 1]],
      ['items', [null as never, () => 1]],
      ['worker', [[], 'work' as never]],
      ['concurrency', [[], () => 1, { concurrency: 0 }]],
      ['concurrency', [[], () => 1, { concurrency: 1.5 }]],
      ['signal', [[], () => 1, { signal: {} as never }]],
      ['timeoutMs', [[], () => 1, { timeoutMs: 0 }]],
      ['retry.backoffRate', [[], () => 1, { retry: { backoffRate: 0.5 } }]],
      ['deadline.remainingMs', [[], () => 1, { deadline: { marginMs: 1 } as never }]],
      ['minSuccessful', [[], () => 1, { minSuccessful: 0 }]],
      ['toleratedFailureCount', [[], () => 1, { toleratedFailureCount: -1 }]],
      ['toleratedFailurePercentage', [[], () => 1, { toleratedFailurePercentage: 101 }]],
      ['onProgress', [[], () => 1, { onProgress: 1 as never }]],
    ] as [string, Parameters<typeof fanOut<unknown, unknown>>][])(
      'refuses a bad %s before anything begins',
      async (field, args) => {
        await expect(fanOut(...args)).rejects.toMatchObject({
          code: 'InvalidArgument',
          message: expect.stringContaining(`${field}:`),
        });
      },
    );
  });

  describe('ending early', () => {
    it('cancels what is unfinished on abort and does not begin the rest', async () => {
      const controller = new AbortController();
      const signals: AbortSignal[] = [];
      const run = fanOut(
        [0, 1, 2, 3, 4],
        (item, { signal }) => {
          signals.push(signal);
          return item === 0 ? item : never();
        },
        { concurrency: 2, signal: controller.signal },
      );
      await turns();
      controller.abort();
      const result = await run;
      expect(statuses(result)).toEqual(['succeeded', 'cancelled', 'cancelled']);
      expect(result.outcomes[1]).toMatchObject({
        index: 1,
        input: 1,
        attempts: 1,
        error: { code: 'Aborted' },
      });
      expect(result.counts).toMatchObject({ expected: 5, succeeded: 1, cancelled: 2, notStarted: 2 });
      expect(result.completionReason).toBe('CANCELLED');
      expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, true]);
    });

    it('begins nothing when it is aborted already, and reads nothing', async () => {
      const next = vi.fn();
      const worker = vi.fn();
      const source = { [Symbol.asyncIterator]: () => ({ next }) };
      const result = await fanOut(source, worker, { signal: AbortSignal.abort() });
      expect(result).toMatchObject({ outcomes: [], counts: { expected: 0 }, completionReason: 'CANCELLED' });
      expect(next).not.toHaveBeenCalled();
      expect((await fanOut([1, 2], worker, { signal: AbortSignal.abort() })).counts.notStarted).toBe(2);
      expect(worker).not.toHaveBeenCalled();
    });

    it('does not wait for a source that hangs, and tells its iterator', async () => {
      const controller = new AbortController();
      const onReturn = vi.fn(() => never());
      const source = { [Symbol.asyncIterator]: () => ({ next: () => never(), return: onReturn }) };
      const run = fanOut(source, () => 1, { signal: controller.signal });
      await turns();
      controller.abort();
      expect((await run).completionReason).toBe('CANCELLED');
      expect(onReturn).toHaveBeenCalledOnce();
    });

    it('stops waiting for a retry on abort', async () => {
      vi.useFakeTimers();
      const controller = new AbortController();
      const run = fanOut(
        [1],
        () => {
          throw new Error('no');
        },
        { retry: { intervalSeconds: 3_600 }, signal: controller.signal },
      );
      await vi.advanceTimersByTimeAsync(1);
      controller.abort();
      expect(statuses(await run)).toEqual(['cancelled']);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('times out what is unfinished at the deadline and does not begin the rest', async () => {
      vi.useFakeTimers();
      const end = Date.now() + 3_000;
      const deadline = { remainingMs: () => end - Date.now(), marginMs: 1_000 };
      const run = fanOut([0, 1, 2, 3], (item) => (item === 0 ? item : never()), { concurrency: 2, deadline });
      await vi.advanceTimersByTimeAsync(1_999);
      let ended = false;
      void run.then(() => {
        ended = true;
      });
      await vi.advanceTimersByTimeAsync(0);
      expect(ended).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      const result = await run;
      expect(statuses(result)).toEqual(['succeeded', 'timedOut', 'timedOut']);
      expect(result.counts).toMatchObject({ expected: 4, timedOut: 2, notStarted: 1 });
      expect(result.completionReason).toBe('DEADLINE_EXCEEDED');
      expect(vi.getTimerCount()).toBe(0);
    });

    it('begins nothing past the deadline, nor with one that cannot be read', async () => {
      const worker = vi.fn();
      const past = { remainingMs: () => 500, marginMs: 1_000 };
      const broken = {
        remainingMs: () => {
          throw new Error('no clock');
        },
        marginMs: 0,
      };
      for (const deadline of [past, broken, { remainingMs: () => Number.NaN, marginMs: 0 }]) {
        const result = await fanOut([1, 2], worker, { deadline });
        expect(result).toMatchObject({
          outcomes: [],
          counts: { notStarted: 2 },
          completionReason: 'DEADLINE_EXCEEDED',
        });
      }
      expect(worker).not.toHaveBeenCalled();
    });

    it('has completed when the deadline comes after the last item', async () => {
      let left = 100;
      const deadline = { remainingMs: () => left, marginMs: 0 };
      const result = await fanOut(
        [1],
        () => {
          left = 0;
        },
        { deadline, concurrency: 1 },
      );
      expect(result.completionReason).toBe('ALL_COMPLETED');
    });

    it('ends with enough successes and cancels the rest', async () => {
      const result = await fanOut([0, 1, 2, 3, 4], (item) => (item === 1 ? never() : item), {
        concurrency: 2,
        minSuccessful: 2,
      });
      expect(statuses(result)).toEqual(['succeeded', 'cancelled', 'succeeded']);
      expect(result).toMatchObject({ counts: { notStarted: 2 }, completionReason: 'MIN_SUCCESSFUL_REACHED' });
    });

    it('calls it completed when enough is all', async () => {
      const result = await fanOut([0, 1], (item) => item, { minSuccessful: 2 });
      expect(result.completionReason).toBe('ALL_COMPLETED');
    });

    it('ends at one failure more than is tolerated', async () => {
      const fail = () => {
        throw new Error('no');
      };
      const result = await fanOut([1, 2, 3, 4], fail, { concurrency: 1, toleratedFailureCount: 1 });
      expect(result).toMatchObject({
        counts: { failed: 2, notStarted: 2 },
        completionReason: 'FAILURE_TOLERANCE_EXCEEDED',
      });
      const tolerant = await fanOut([1, 2], fail, { toleratedFailureCount: 2 });
      expect(tolerant.completionReason).toBe('ALL_COMPLETED');
    });

    it('counts a percentage of a known total at once, of a stream in the end', async () => {
      const fail = () => {
        throw new Error('no');
      };
      const options = { concurrency: 1, toleratedFailurePercentage: 25 };
      const known = await fanOut(new Set([1, 2, 3, 4]), fail, options);
      expect(known).toMatchObject({
        counts: { failed: 2, notStarted: 2 },
        completionReason: 'FAILURE_TOLERANCE_EXCEEDED',
      });
      function* stream() {
        yield* [1, 2, 3, 4];
      }
      const unknown = await fanOut(stream(), fail, options);
      expect(unknown).toMatchObject({
        counts: { failed: 4, notStarted: 0 },
        completionReason: 'FAILURE_TOLERANCE_EXCEEDED',
      });
    });

    it('ends an endless source, whose own clean-up runs', async () => {
      let cleanedUp = false;
      function* endless() {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          cleanedUp = true;
        }
      }
      const result = await fanOut(endless(), (item) => item, { minSuccessful: 5, concurrency: 1 });
      expect(result.counts).toMatchObject({ expected: 5, succeeded: 5 });
      expect(cleanedUp).toBe(true);
    });
  });

  it('returns nothing for nothing', async () => {
    const counts = { expected: 0, succeeded: 0, failed: 0, timedOut: 0, cancelled: 0, notStarted: 0 };
    expect(await fanOut([], () => 1)).toEqual({ outcomes: [], counts, completionReason: 'ALL_COMPLETED' });
  });

  it('keeps undefined results and input order when workers finish out of order', async () => {
    const release: (() => void)[] = [];
    const run = fanOut(
      ['a', 'b', 'c'],
      (item) =>
        new Promise<undefined>((resolve) => {
          release.unshift(() => resolve(undefined));
          if (item === 'c') for (const go of release) go();
        }),
    );
    expect((await run).outcomes).toEqual(
      ['a', 'b', 'c'].map((input, index) => ({
        status: 'succeeded',
        value: undefined,
        index,
        input,
        attempts: 1,
      })),
    );
  });

  it('reads an asynchronous source no further ahead than it works', async () => {
    let read = 0;
    let done = 0;
    let ahead = 0;
    async function* items() {
      for (; read < 50; ) {
        read++;
        ahead = Math.max(ahead, read - done);
        yield read;
      }
    }
    await fanOut(
      items(),
      async () => {
        await turns(1);
        done++;
      },
      { concurrency: 4 },
    );
    expect(done).toBe(50);
    expect(ahead).toBe(4);
  });

  it('asks an asynchronous iterator for one item at a time', async () => {
    let asking = 0;
    let left = 20;
    const source = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          expect(++asking).toBe(1);
          await turns(1);
          asking--;
          return left-- > 0
            ? { done: false as const, value: left }
            : { done: true as const, value: undefined };
        },
      }),
    };
    expect((await fanOut(source, (item) => item)).counts.succeeded).toBe(20);
  });

  it('warns of no leak with many items waiting at once', async () => {
    const onWarning = vi.fn();
    process.on('warning', onWarning);
    await fanOut(Array.from({ length: 40 }), () => turns(1), { concurrency: 40, timeoutMs: 10_000 });
    await turns(2);
    process.off('warning', onWarning);
    expect(onWarning).not.toHaveBeenCalled();
  });

  it('keeps every item, in order, within the concurrency, for any mix of workers', async () => {
    const kinds = fc.array(fc.constantFrom('sync', 'async', 'slow', 'throw', 'reject'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        kinds,
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (items, concurrency, isStream) => {
          let inFlight = 0;
          let peak = 0;
          async function* stream() {
            yield* items;
          }
          const result = await fanOut(
            isStream ? stream() : items,
            async (kind) => {
              peak = Math.max(peak, ++inFlight);
              try {
                if (kind === 'slow') await turns(2);
                if (kind === 'async') await Promise.resolve();
                if (kind === 'throw' || kind === 'reject') throw new Error(kind);
                return kind;
              } finally {
                inFlight--;
              }
            },
            { concurrency },
          );
          expect(peak).toBeLessThanOrEqual(concurrency);
          expect(result.outcomes.map(({ index, input }) => [index, input])).toEqual([...items.entries()]);
          for (const outcome of result.outcomes) {
            expect(outcome.status).toBe(['throw', 'reject'].includes(outcome.input) ? 'failed' : 'succeeded');
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
