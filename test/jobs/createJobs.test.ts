import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import { NonRetryableError } from '../../src/errors.js';
import {
  createJobs,
  JobBusyError,
  type JobEvent,
  type JobStore,
  memoryJobStore,
} from '../../src/jobs/index.js';
import { collect } from '../collect.js';
import { faultyPort, type PortFault } from '../faultyPort.js';

const codeOf = (code: string) => expect.objectContaining({ code });

/** Jobs under a clock that the test moves. */
function clocked(options: Partial<Parameters<typeof createJobs>[0]> = {}) {
  const clock = { now: 1_800_000_000_000 };
  const store = options.store ?? memoryJobStore();
  const jobs = createJobs({ leaseMs: 1_000, now: () => clock.now, ...options, store });
  return { clock, store, jobs };
}

async function claimed(jobs: ReturnType<typeof createJobs>, id: string) {
  const claim = await jobs.claim(id);
  if (claim.status !== 'claimed') throw new Error(`${id} is ${claim.status}`);
  return claim;
}

describe('createJobs', () => {
  describe('bad input', () => {
    const store = memoryJobStore();
    it.each([
      ['store', { store: {} as JobStore }],
      ['leaseMs', { store, leaseMs: 0 }],
      ['leaseMs', { store, leaseMs: 1.5 }],
      ['leaseMs', { store, leaseMs: 2 ** 31 }],
      ['ttlSeconds', { store, ttlSeconds: Number.NaN }],
      ['claimCheck.put', { store, claimCheck: {} as never }],
    ])('names the option %s', (field, options) => {
      expect(() => createJobs(options)).toThrow(new RegExp(`^${field}: expected`));
    });

    it('refuses blank and huge ids and inputs that cannot be stored, before any call', async () => {
      const call = vi.fn((): PortFault => 'ok');
      const jobs = createJobs({ store: faultyPort(memoryJobStore(), call) });
      for (const id of ['', ' ', 'x'.repeat(257), 'a\nb', 7 as never]) {
        for (const method of ['create', 'claim', 'get', 'retry'] as const)
          await expect(jobs[method](id)).rejects.toEqual(codeOf('InvalidArgument'));
        await expect(jobs.run(id, () => 1)).rejects.toEqual(codeOf('InvalidArgument'));
      }
      for (const input of [1n, () => 1, new Map(), 'x'.repeat(200_000)])
        await expect(jobs.create('a', { input })).rejects.toThrow(/^input: expected/);
      await expect(jobs.claim('a', { leaseMs: -1 })).rejects.toThrow(/^leaseMs: expected/);
      await expect(jobs.run('a', 7 as never)).rejects.toThrow(/^work: expected/);
      expect(() => jobs.list({ status: 'open' as never })).toThrow(/^status: expected one of pending/);
      await expect(jobs.resetStuck({ stuckForMs: -1 })).rejects.toThrow(/^stuckForMs: expected/);
      expect(call).not.toHaveBeenCalled();
    });
  });

  describe('create', () => {
    it('never overwrites a job, and never resets a finished one', async () => {
      const { jobs } = clocked();
      expect(await jobs.create('a', { input: { n: 1 } })).toMatchObject({
        created: true,
        job: { id: 'a', state: 'pending', attempt: 0, input: { n: 1 } },
      });
      expect(await jobs.create('a', { input: { n: 2 } })).toMatchObject({
        created: false,
        job: { input: { n: 1 } },
      });
      await jobs.run('a', () => 'done');
      expect(await jobs.create('a')).toMatchObject({ created: false, job: { state: 'succeeded' } });
      expect(await jobs.get('a')).toMatchObject({ result: 'done', input: { n: 1 } });
    });

    it('says that it created the job also when the SDK repeated its write', async () => {
      const { jobs } = clocked({ store: faultyPort(memoryJobStore(), () => 'repeated') });
      expect(await jobs.create('a')).toMatchObject({ created: true });
      expect(await jobs.create('a')).toMatchObject({ created: false });
    });
  });

  describe('claim', () => {
    it('makes a job that is not there, with its input', async () => {
      const { jobs } = clocked();
      expect(await jobs.claim('a', { input: [1] })).toMatchObject({
        status: 'claimed',
        attempt: 1,
        input: [1],
      });
    });

    it('tells busy from finished, and how long to wait', async () => {
      const { jobs, clock } = clocked();
      const first = await claimed(jobs, 'a');
      clock.now += 400;
      expect(await jobs.claim('a')).toEqual({ status: 'busy', attempt: 1, retryAfterMs: 600 });
      await first.complete({ b: 2 });
      expect(await jobs.claim('a')).toEqual({
        status: 'finished',
        state: 'succeeded',
        attempt: 1,
        result: { b: 2 },
      });
    });

    it('answers a failed job with its error', async () => {
      const { jobs } = clocked();
      await (await claimed(jobs, 'a')).fail(new TypeError('no'));
      expect(await jobs.claim('a')).toMatchObject({
        status: 'finished',
        state: 'failed',
        error: { name: 'TypeError', message: 'no', retryable: true },
      });
    });

    it('takes a failed job again when asked, unless its error was permanent', async () => {
      const { jobs } = clocked();
      await (await claimed(jobs, 'a')).fail(new Error('soon'));
      expect(await jobs.claim('a', { retryFailed: true })).toMatchObject({ status: 'claimed', attempt: 2 });
      await (await claimed(jobs, 'b')).fail({ name: 'E', message: 'never', retryable: false });
      expect(await jobs.claim('b', { retryFailed: true })).toMatchObject({ status: 'finished' });
    });

    it('refuses the late worker of a lease that ran out, in everything that it does', async () => {
      const { jobs, clock } = clocked();
      const late = await claimed(jobs, 'a');
      clock.now += 1_000;
      const next = await claimed(jobs, 'a');
      expect(next.attempt).toBeGreaterThan(late.attempt);
      for (const act of [
        () => late.complete('late'),
        () => late.fail(new Error('late')),
        () => late.heartbeat(),
        () => late.release(),
      ])
        await expect(act()).rejects.toEqual(codeOf('JobLeaseLost'));
      await next.complete('next');
      await expect(late.complete('late')).rejects.toEqual(codeOf('JobLeaseLost'));
      expect(await jobs.get('a')).toMatchObject({ result: 'next', attempt: 2 });
    });

    it('is a lock with a fencing token: a paused builder cannot publish once its lock has expired', async () => {
      const { jobs, clock } = clocked();
      const published: number[] = [];
      const build = async (lock: Awaited<ReturnType<typeof claimed>>) => {
        await lock.heartbeat();
        if (published.every((token) => token < lock.attempt)) published.push(lock.attempt);
        await lock.release();
      };
      const paused = await claimed(jobs, 'manifest lock');
      clock.now += 5_000;
      await build(await claimed(jobs, 'manifest lock'));
      await expect(build(paused)).rejects.toEqual(codeOf('JobLeaseLost'));
      expect(published).toEqual([2]);
      await build(await claimed(jobs, 'manifest lock'));
      expect(published).toEqual([2, 3]);
    });

    it('holds as long as its heartbeats come', async () => {
      const { jobs, clock } = clocked();
      const claim = await claimed(jobs, 'a');
      for (let i = 0; i < 5; i += 1) {
        clock.now += 900;
        expect(await claim.heartbeat()).toBe(clock.now + 1_000);
        expect(await jobs.claim('a')).toMatchObject({ status: 'busy' });
      }
    });

    it('keeps the claim when a result cannot be stored, and makes no call', async () => {
      const call = vi.fn((): PortFault => 'ok');
      const { jobs } = clocked({ store: faultyPort(memoryJobStore(), call) });
      const claim = await claimed(jobs, 'a');
      call.mockClear();
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      for (const result of [1n, cycle, 'x'.repeat(400 * 1_024), new Set(), { f() {} }])
        await expect(claim.complete(result)).rejects.toEqual(codeOf('UnstorableResult'));
      expect(call).not.toHaveBeenCalled();
      expect(await jobs.get('a')).toMatchObject({ state: 'inProgress' });
      await claim.complete('small');
      expect(await jobs.get('a')).toMatchObject({ result: 'small' });
    });

    it('knows its own writes again when the SDK repeats them', async () => {
      const { jobs } = clocked({ store: faultyPort(memoryJobStore(), () => 'repeated') });
      const claim = await claimed(jobs, 'a');
      await claim.heartbeat();
      await claim.complete(1);
      expect(await jobs.get('a')).toMatchObject({ attempt: 1, result: 1 });
      await (await claimed(jobs, 'b')).fail(new Error('no'));
      expect(await jobs.retry('b')).toMatchObject({ state: 'pending', attempt: 1 });
      await (await claimed(jobs, 'b')).release();
      expect(await jobs.get('b')).toMatchObject({ state: 'pending', attempt: 2 });
    });

    it('begins anew when the record has expired, whether it was deleted or not', async () => {
      const { jobs, clock } = clocked({ ttlSeconds: 10 });
      await jobs.run('a', () => 'old');
      clock.now += 12_000;
      expect(await jobs.get('a')).toBeUndefined();
      expect(await jobs.run('a', () => 'new')).toBe('new');
    });

    it('keeps a job that is worked on for longer than records are kept', async () => {
      const { jobs, clock } = clocked({ ttlSeconds: 2 });
      const claim = await claimed(jobs, 'a');
      for (let i = 0; i < 10; i += 1) {
        clock.now += 900;
        await claim.heartbeat();
      }
      await claim.complete('long');
      expect(await jobs.get('a')).toMatchObject({ attempt: 1, result: 'long' });
    });
  });

  describe('run', () => {
    it('works once, and gives every later caller the stored result', async () => {
      const { jobs } = clocked();
      const work = vi.fn(({ input, attempt }) => ({ input, attempt, at: new Date(0), none: undefined }));
      const first = await jobs.run('a', work, { input: 'x' });
      expect(first).toEqual({ input: 'x', attempt: 1, at: new Date(0), none: undefined });
      const second = await jobs.run('a', work, { input: 'y' });
      expect(second).toStrictEqual(first);
      expect(work).toHaveBeenCalledTimes(1);
    });

    it('keeps an undefined result', async () => {
      const { jobs } = clocked();
      const work = vi.fn(() => undefined);
      await jobs.run('a', work);
      expect(await jobs.run('a', work)).toBeUndefined();
      expect(work).toHaveBeenCalledTimes(1);
    });

    it('records what was thrown, throws it, and tells a later caller', async () => {
      const { jobs } = clocked();
      const error = new RangeError('too far');
      await expect(jobs.run('a', () => Promise.reject(error))).rejects.toBe(error);
      await expect(
        jobs.run('b', () => {
          throw null;
        }),
      ).rejects.toBeNull();
      await expect(jobs.run('a', () => 1)).rejects.toMatchObject({
        code: 'JobFailed',
        retryable: false,
        cause: { name: 'RangeError', message: 'too far' },
      });
      expect(await jobs.get('b')).toMatchObject({ state: 'failed', error: { message: 'null' } });
    });

    it('throws a retryable error with the time to wait while another works on it', async () => {
      const { jobs } = clocked();
      await claimed(jobs, 'a');
      const error = await jobs.run('a', () => 1).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(JobBusyError);
      expect(error).toMatchObject({ code: 'JobBusy', retryable: true, retryAfterMs: 1_000 });
    });

    it.each([
      ['a BigInt', () => 1n],
      ['a function deep inside', () => ({ a: [{ b: () => 1 }] })],
      ['more than 400 KB', () => 'ü'.repeat(205 * 1_024)],
    ])('records %s as failed, so that the work is not done again', async (_, work) => {
      const { jobs } = clocked();
      const spy = vi.fn<() => unknown>(work);
      await expect(jobs.run('a', spy)).rejects.toEqual(codeOf('UnstorableResult'));
      await expect(jobs.run('a', spy)).rejects.toEqual(codeOf('JobFailed'));
      expect(spy).toHaveBeenCalledTimes(1);
      expect(await jobs.get('a')).toMatchObject({ state: 'failed', error: { code: 'UnstorableResult' } });
    });

    it('is refused with the lease, and does not record its result', async () => {
      const { jobs, clock } = clocked();
      const run = jobs.run('a', async () => {
        clock.now += 2_000;
        const next = await claimed(jobs, 'a');
        await next.complete('next');
        return 'late';
      });
      await expect(run).rejects.toMatchObject({ code: 'JobLeaseLost', retryable: true });
      const failing = jobs.run('b', async () => {
        clock.now += 2_000;
        await claimed(jobs, 'b');
        throw new Error('late');
      });
      await expect(failing).rejects.toMatchObject({ code: 'JobLeaseLost', cause: { message: 'late' } });
      expect(await jobs.run('a', () => 'again')).toBe('next');
    });

    it('is worked on again when the process died before it recorded anything', async () => {
      const store = memoryJobStore();
      const dying = faultyPort(store, (method) => (method === 'change' ? 'failed' : 'ok'));
      const { jobs: first, clock } = clocked({ store: dying });
      await expect(first.run('a', () => 1)).rejects.toThrow('change failed');
      clock.now += 1_000;
      const second = createJobs({ store, now: () => clock.now });
      expect(await second.run('a', ({ attempt }) => attempt)).toBe(2);
    });

    it('does not tell as the end what it could not record: the job is worked on again', async () => {
      const store = memoryJobStore();
      const dying = faultyPort(store, (method) => (method === 'change' ? 'failed' : 'ok'));
      const { jobs: first, clock } = clocked({ store: dying });
      const refuse = () => {
        throw new NonRetryableError('no such trade');
      };
      await expect(first.run('a', refuse)).rejects.toMatchObject({
        ...{ code: 'FailureNotRecorded', retryable: true, cause: { message: 'no such trade' } },
      });
      // What can be tried again is told as it is.
      const throttled = () => first.run('b', () => Promise.reject(new Error('throttled')));
      await expect(throttled()).rejects.toThrow(/^throttled$/);
      clock.now += 1_000;
      const second = createJobs({ store, now: () => clock.now });
      expect(await second.run('a', () => 'placed')).toBe('placed');
    });
  });

  describe('run, while it works', () => {
    const withTimers = async (test: () => Promise<void>) => {
      vi.useFakeTimers();
      try {
        await test();
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    };
    const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

    it('keeps its lease by heartbeats, and stops them with the work', () =>
      withTimers(async () => {
        const jobs = createJobs({ store: memoryJobStore(), leaseMs: 900 });
        const run = jobs.run('a', async () => {
          await pause(10_000);
          return 'slow';
        });
        for (let i = 0; i < 9; i += 1) {
          await vi.advanceTimersByTimeAsync(1_000);
          expect(await jobs.claim('a')).toMatchObject({ status: 'busy' });
        }
        await vi.advanceTimersByTimeAsync(1_000);
        expect(await run).toBe('slow');
      }));

    it('goes on when a heartbeat fails, and aborts its signal when all fail until the lease is over', () =>
      withTimers(async () => {
        let fault: PortFault = 'ok';
        const next = (method: string) => (method === 'change' ? fault : 'ok');
        const jobs = createJobs({ store: faultyPort(memoryJobStore(), next), leaseMs: 900 });
        let signal = AbortSignal.abort();
        const run = jobs.run('a', async (context) => {
          signal = context.signal;
          await pause(5_000);
        });
        await vi.advanceTimersByTimeAsync(100);
        fault = 'failed';
        await vi.advanceTimersByTimeAsync(500);
        fault = 'ok';
        await vi.advanceTimersByTimeAsync(1_000);
        expect(signal.aborted).toBe(false);
        fault = 'failed';
        await vi.advanceTimersByTimeAsync(1_000);
        expect(signal.reason).toMatchObject({ code: 'JobLeaseLost' });
        fault = 'ok';
        await vi.advanceTimersByTimeAsync(5_000);
        // Nobody else came meanwhile, so that the result is still wanted.
        expect(await run).toBeUndefined();
      }));

    it('aborts its signal when the job is reset, and is refused', () =>
      withTimers(async () => {
        const store = memoryJobStore();
        const jobs = createJobs({ store, leaseMs: 900 });
        const ahead = createJobs({ store, leaseMs: 900, now: () => Date.now() + 1_000 });
        let reason: unknown;
        const run = jobs.run('a', async ({ signal }) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
          });
          await pause(2_000);
        });
        const refused = expect(run).rejects.toEqual(codeOf('JobLeaseLost'));
        await vi.advanceTimersByTimeAsync(10);
        expect(await ahead.resetStuck()).toEqual(['a']);
        await vi.advanceTimersByTimeAsync(300);
        expect(reason).toMatchObject({ code: 'JobLeaseLost' });
        await vi.advanceTimersByTimeAsync(2_000);
        await refused;
      }));

    it("lets its lease run out once the caller's signal aborts", () =>
      withTimers(async () => {
        const jobs = createJobs({ store: memoryJobStore(), leaseMs: 900 });
        const controller = new AbortController();
        const seen: unknown[] = [];
        const run = jobs.run(
          'a',
          async ({ signal }) => {
            await pause(3_000);
            seen.push(signal.reason);
          },
          { signal: controller.signal },
        );
        const refused = expect(run).rejects.toEqual(codeOf('JobLeaseLost'));
        await vi.advanceTimersByTimeAsync(1_000);
        controller.abort('deadline');
        await vi.advanceTimersByTimeAsync(1_000);
        expect(await jobs.claim('a')).toMatchObject({ status: 'claimed', attempt: 2 });
        await vi.advanceTimersByTimeAsync(1_000);
        await refused;
        expect(seen).toEqual(['deadline']);
      }));
  });

  describe('a claim check', () => {
    it('keeps what does not fit into an item, and nothing else', async () => {
      const texts = new Map<string, string>();
      const claimCheck = {
        put: async (key: string, text: string) => texts.set(key, text),
        get: async (key: string) => texts.get(key) ?? '',
      };
      const { jobs, store, clock } = clocked({ claimCheck });
      const large = 'x'.repeat(500_000);
      await jobs.run('small', () => 1);
      expect(texts.size).toBe(0);
      await jobs.run('a/b', () => large);
      expect([...texts.keys()]).toEqual([expect.stringMatching(/^a%2Fb\/1-/)]);
      expect(await jobs.run('a/b', () => 'other')).toBe(large);
      const without = createJobs({ store, now: () => clock.now });
      await expect(without.get('a/b')).rejects.toMatchObject({ code: 'ResultMissing', retryable: true });
      texts.clear();
      await expect(jobs.claim('a/b')).rejects.toMatchObject({ code: 'ResultMissing' });
    });

    it('makes the result unstorable when it does not take it', async () => {
      const claimCheck = { put: () => Promise.reject(new Error('AccessDenied')), get: async () => '' };
      const { jobs } = clocked({ claimCheck });
      await expect(jobs.run('a', () => 'x'.repeat(500_000))).rejects.toMatchObject({
        code: 'UnstorableResult',
        cause: { message: 'AccessDenied' },
      });
      expect(await jobs.get('a')).toMatchObject({ state: 'failed' });
    });
  });

  describe('looking after jobs', () => {
    it('lists and counts them by state', async () => {
      const { jobs } = clocked();
      await jobs.create('p');
      await claimed(jobs, 'i');
      await jobs.run('s', () => 1);
      await (await claimed(jobs, 'f')).fail(new Error('no'));
      expect(await jobs.stats()).toEqual({ pending: 1, inProgress: 1, succeeded: 1, failed: 1 });
      for (const [status, id] of [
        ['pending', 'p'],
        ['inProgress', 'i'],
        ['succeeded', 's'],
        ['failed', 'f'],
      ] as const)
        expect((await collect(jobs.list({ status }))).map((job) => job.id)).toEqual([id]);
    });

    it('finds and resets what is stuck, and nothing else', async () => {
      const { jobs, clock } = clocked();
      const dead = await claimed(jobs, 'dead');
      clock.now += 900;
      await claimed(jobs, 'alive');
      await jobs.run('done', () => 1);
      clock.now += 100;
      expect((await collect(jobs.findStuck())).map(({ id }) => id)).toEqual(['dead']);
      expect(await collect(jobs.findStuck({ stuckForMs: 1 }))).toEqual([]);
      expect(await jobs.resetStuck()).toEqual(['dead']);
      expect(await jobs.get('dead')).toMatchObject({ state: 'pending', attempt: 1 });
      await expect(dead.complete('late')).rejects.toEqual(codeOf('JobLeaseLost'));
      expect(await jobs.resetStuck()).toEqual([]);
    });

    it('does not reset a job that was claimed after it was found', async () => {
      const inner = memoryJobStore();
      const { jobs, clock } = clocked({ store: inner });
      await claimed(jobs, 'a');
      clock.now += 1_000;
      const store: JobStore = {
        ...inner,
        async change(id, change, now) {
          if (change.type === 'reset') await claimed(jobs, id);
          return inner.change(id, change, now);
        },
      };
      const resetter = createJobs({ store, now: () => clock.now });
      expect(await resetter.resetStuck()).toEqual([]);
      expect(await jobs.get('a')).toMatchObject({ state: 'inProgress', attempt: 2 });
    });

    it('retries only what has failed', async () => {
      const { jobs } = clocked();
      await expect(jobs.retry('none')).rejects.toEqual(codeOf('JobNotFound'));
      await jobs.run('done', () => 1);
      await expect(jobs.retry('done')).rejects.toEqual(codeOf('JobNotFailed'));
      await claimed(jobs, 'busy');
      await expect(jobs.retry('busy')).rejects.toEqual(codeOf('JobNotFailed'));
      await (await claimed(jobs, 'a')).fail(new Error('no'));
      const retried = await jobs.retry('a');
      expect(retried).toMatchObject({ state: 'pending', attempt: 1 });
      expect(retried).not.toHaveProperty('error');
      expect(await jobs.retry('a')).toMatchObject({ state: 'pending' });
      expect(await jobs.run('a', ({ attempt }) => attempt)).toBe(2);
    });
  });

  it('tells changes of state on fanfold:job, without what jobs carry', async () => {
    const events: JobEvent[] = [];
    const listen = (event: unknown) => events.push(event as JobEvent);
    subscribe('fanfold:job', listen);
    try {
      const { jobs, clock } = clocked();
      await jobs.create('a', { input: 'secret' });
      const first = await claimed(jobs, 'a');
      await first.heartbeat();
      clock.now += 1_000;
      await jobs.resetStuck();
      await (await claimed(jobs, 'a')).fail(new Error('secret'));
      await jobs.retry('a');
      await (await claimed(jobs, 'a')).release();
      await jobs.run('a', () => 'secret');
    } finally {
      unsubscribe('fanfold:job', listen);
    }
    expect(events.map(({ from, to, attempt }) => `${from} → ${to} ${attempt}`)).toEqual([
      'undefined → pending 0',
      'pending → inProgress 1',
      'inProgress → pending 1',
      'pending → inProgress 2',
      'inProgress → failed 2',
      'failed → pending 2',
      'pending → inProgress 3',
      'inProgress → pending 3',
      'pending → inProgress 4',
      'inProgress → succeeded 4',
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});
