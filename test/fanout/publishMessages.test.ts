import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type OutgoingMessage, type PublishOptions, publishMessages } from '../../src/fanout/index.js';
import {
  acceptAll,
  atOnce,
  fakeQueue,
  type Reply,
  refusing,
  type SentEntry,
  serviceError,
} from './fakeQueue.js';

const queueUrl = 'http://localhost/000000000000/queue';
const fifoUrl = `${queueUrl}.fifo`;
const numbered = (count: number): OutgoingMessage[] =>
  Array.from({ length: count }, (_, i) => ({ body: `${i}` }));
const turns = (count = 20) =>
  new Promise<void>((resolve) => {
    const turn = (left: number): void => void (left === 0 ? resolve() : setImmediate(turn, left - 1));
    turn(count);
  });
const never = () => new Promise<never>(() => {});

afterEach(() => {
  vi.useRealTimers();
});

describe('publishMessages', () => {
  describe('failures', () => {
    it('fails exactly the bad three, up front, though one entry and one whole call fail twice', async () => {
      const failing = new Map([
        ['entry', 2],
        ['call', 2],
      ]);
      const failsNow = (name: string): boolean => {
        const left = failing.get(name) ?? 0;
        failing.set(name, left - 1);
        return left > 0;
      };
      const queue = fakeQueue((entries) => {
        if (entries.some(({ MessageBody }) => MessageBody === '35') && failsNow('call')) {
          throw serviceError('RequestThrottled', 400);
        }
        return refusing(entries, ({ MessageBody }) => MessageBody === '12' && failsNow('entry'));
      });
      const messages = numbered(40);
      messages[3] = { body: 'x'.repeat(1_048_577) };
      messages[17] = { body: '' };
      messages[29] = { body: 'bell \u0007' };
      const result = await publishMessages({ client: queue.client, queueUrl }, messages, { retry: atOnce });
      expect(result.counts).toEqual({ expected: 40, published: 37, failed: 3 });
      expect(result.failures).toMatchObject([
        { index: 3, code: 'MessageTooLong', senderFault: true, attempts: 0 },
        { index: 17, code: 'MissingParameter', senderFault: true, attempts: 0 },
        { index: 29, code: 'InvalidMessageContents', senderFault: true, attempts: 0 },
      ]);
      expect(result.calls).toBe(4 + 2 + 2);
    });

    it('gives an entry up when the policy does, with the code and the attempts', async () => {
      const queue = fakeQueue((entries) =>
        refusing(entries, ({ MessageBody }) => MessageBody === '1', { code: 'Busy' }),
      );
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(3), {
        retry: { intervalSeconds: 0, maxAttempts: 2 },
      });
      expect(result.failures).toEqual([
        { index: 1, code: 'Busy', message: 'Busy', senderFault: false, attempts: 3 },
      ]);
      expect(queue.calls.map((call) => call.length)).toEqual([3, 1, 1]);
    });

    it("never sends again what is the sender's fault", async () => {
      const queue = fakeQueue((entries) =>
        refusing(entries, ({ MessageBody }) => MessageBody === '1', {
          code: 'InvalidParameterValue',
          senderFault: true,
        }),
      );
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(3), {
        retry: atOnce,
      });
      expect(result.failures).toMatchObject([
        { index: 1, code: 'InvalidParameterValue', senderFault: true, attempts: 1 },
      ]);
      expect(result.calls).toBe(1);
    });

    it('sends again what the reply does not mention, and ignores what it says of others', async () => {
      const queue = fakeQueue((entries, call) => {
        if (call > 1) return acceptAll(entries);
        return {
          Successful: [
            { Id: '0', MessageId: 'm' },
            { Id: '7', MessageId: 'm' },
          ],
          Failed: [{ Id: 'stranger', Code: 'Odd', SenderFault: true }],
        };
      });
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(3), {
        retry: atOnce,
      });
      expect(result).toMatchObject({ counts: { published: 3, failed: 0 }, calls: 2 });
      expect(queue.bodies()).toEqual(['0', '1', '2', '1', '2']);
    });

    it('sends a call again whose reply was lost', async () => {
      const queue = fakeQueue((entries, call) => {
        if (call === 1) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        return acceptAll(entries);
      });
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(3), {
        retry: atOnce,
      });
      expect(result).toMatchObject({ counts: { published: 3 }, failures: [], calls: 2 });
    });

    it('sends nothing more once the queue refuses it altogether, and reports every index', async () => {
      const queue = fakeQueue(() => {
        throw serviceError('QueueDoesNotExist', 400);
      });
      async function* messages() {
        yield* numbered(500);
      }
      const result = await publishMessages({ client: queue.client, queueUrl }, messages(), {
        retry: atOnce,
        concurrency: 2,
      });
      expect(result.counts).toEqual({ expected: 500, published: 0, failed: 500 });
      expect(result.failures.map(({ index }) => index)).toEqual([...Array(500).keys()]);
      expect(new Set(result.failures.map(({ code }) => code))).toEqual(new Set(['QueueDoesNotExist']));
      expect(result.calls).toBeLessThanOrEqual(2);
    });

    it('sends the messages of a call that SQS refuses one by one, so that the bad one fails alone', async () => {
      const queue = fakeQueue((entries) => {
        if (entries.some(({ MessageBody }) => MessageBody === '4'))
          throw serviceError('InvalidParameterValue', 400);
        return acceptAll(entries);
      });
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(10), {
        retry: atOnce,
      });
      expect(result.counts).toEqual({ expected: 10, published: 9, failed: 1 });
      expect(result.failures).toMatchObject([
        { index: 4, code: 'InvalidParameterValue', senderFault: true, attempts: 2 },
      ]);
    });

    it('reports a call that failed for an unknown reason, and goes on with the others', async () => {
      const queue = fakeQueue((entries, call) => {
        if (call === 1) throw new RangeError('odd');
        return acceptAll(entries);
      });
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(20), {
        retry: atOnce,
      });
      expect(result.counts).toEqual({ expected: 20, published: 10, failed: 10 });
      expect(result.failures[0]).toMatchObject({ code: 'RangeError', senderFault: false, attempts: 1 });
    });

    it('rejects when the source throws, with everything that was read published or reported', async () => {
      const queue = fakeQueue();
      function* messages() {
        yield* numbered(25);
        throw new Error('disk gone');
      }
      await expect(publishMessages({ client: queue.client, queueUrl }, messages())).rejects.toMatchObject({
        code: 'SourceFailed',
        cause: new Error('disk gone'),
        result: { counts: { expected: 25, published: 25, failed: 0 }, calls: 3 },
      });
    });

    it('never lets a callback stop or lose a message', async () => {
      const fail = (): never => {
        throw new Error('callback');
      };
      const queue = fakeQueue();
      const options = { onProgress: fail, onPublished: () => Promise.reject(new Error('later')) };
      const result = await publishMessages(
        { client: queue.client, queueUrl },
        [...numbered(12), { body: '' }],
        options,
      );
      expect(result.counts).toEqual({ expected: 13, published: 12, failed: 1 });
    });

    it.each([
      ['client', { client: {} as never, queueUrl }, [], {}],
      ['client', { client: { send() {}, config: { serviceId: 'SFN' } } as never, queueUrl }, [], {}],
      ['queueUrl', { client: fakeQueue().client, queueUrl: ' ' }, [], {}],
      ['messages', { client: fakeQueue().client, queueUrl }, 5 as never, {}],
      ['concurrency', { client: fakeQueue().client, queueUrl }, [], { concurrency: 0 }],
      ['maxMessageBytes', { client: fakeQueue().client, queueUrl }, [], { maxMessageBytes: 1_048_577 }],
      ['maxBatchBytes', { client: fakeQueue().client, queueUrl }, [], { maxBatchBytes: 0 }],
      ['retry.maxAttempts', { client: fakeQueue().client, queueUrl }, [], { retry: { maxAttempts: -1 } }],
      [
        'deadline.marginMs',
        { client: fakeQueue().client, queueUrl },
        [],
        { deadline: { remainingMs: () => 1, marginMs: -1 } },
      ],
      ['onPublished', { client: fakeQueue().client, queueUrl }, [], { onPublished: 1 as never }],
    ] as [string, Parameters<typeof publishMessages>[0], OutgoingMessage[], PublishOptions][])(
      'refuses a bad %s before any call',
      async (field, target, messages, options) => {
        await expect(publishMessages(target, messages, options)).rejects.toMatchObject({
          code: 'InvalidArgument',
          message: expect.stringContaining(`${field}:`),
        });
      },
    );
  });

  describe('stopping', () => {
    it('resolves at once on abort: everything read is published or Aborted, nothing more is read', async () => {
      const controller = new AbortController();
      let read = 0;
      function* messages() {
        for (; ; read++) yield { body: `${read}` };
      }
      const aborted: boolean[] = [];
      const queue = fakeQueue((entries, call, { abortSignal }) => {
        if (call === 1) return acceptAll(entries);
        abortSignal?.addEventListener('abort', () => aborted.push(true));
        return never();
      });
      const run = publishMessages({ client: queue.client, queueUrl }, messages(), {
        signal: controller.signal,
        concurrency: 2,
      });
      await turns();
      controller.abort();
      const result = await run;
      const readAtEnd = read;
      await turns();
      expect(read).toBe(readAtEnd);
      expect(result.counts).toEqual({ expected: 30, published: 10, failed: 20 });
      expect(new Set(result.failures.map(({ code, attempts }) => `${code} ${attempts}`))).toEqual(
        new Set(['Aborted 1']),
      );
      expect(aborted).toEqual([true, true]);
    });

    it('reads and sends nothing when it is aborted already', async () => {
      const next = vi.fn();
      const queue = fakeQueue();
      const source = { [Symbol.asyncIterator]: () => ({ next }) };
      const result = await publishMessages({ client: queue.client, queueUrl }, source, {
        signal: AbortSignal.abort(),
      });
      expect(result).toEqual({ counts: { expected: 0, published: 0, failed: 0 }, failures: [], calls: 0 });
      expect(next).not.toHaveBeenCalled();
    });

    it('does not wait for a source that hangs, nor for a retry', async () => {
      const controller = new AbortController();
      const queue = fakeQueue((entries) => refusing(entries, () => true));
      async function* messages() {
        yield* numbered(12);
        await never();
      }
      const run = publishMessages({ client: queue.client, queueUrl }, messages(), {
        signal: controller.signal,
        retry: { intervalSeconds: 3_600 },
      });
      await turns();
      controller.abort();
      const { counts, failures } = await run;
      expect(counts).toEqual({ expected: 12, published: 0, failed: 12 });
      expect(failures[0]).toMatchObject({
        code: 'Aborted',
        attempts: 1,
        message: expect.stringContaining('InternalError'),
      });
      expect(failures[11]).toMatchObject({ code: 'Aborted', attempts: 0 });
    });

    it('ignores a reply that comes after the abort', async () => {
      const controller = new AbortController();
      let reply = (_: Reply): void => {};
      const onPublished = vi.fn();
      const queue = fakeQueue(
        () =>
          new Promise((resolve) => {
            reply = resolve;
          }),
      );
      const run = publishMessages({ client: queue.client, queueUrl }, numbered(1), {
        signal: controller.signal,
        onPublished,
      });
      await turns();
      controller.abort();
      const result = await run;
      reply({ Successful: [{ Id: '0', MessageId: 'm' }] });
      await turns();
      expect(result.counts).toEqual({ expected: 1, published: 0, failed: 1 });
      expect(onPublished).not.toHaveBeenCalled();
    });

    it('lets calls under way finish after the deadline, for half of the margin', async () => {
      vi.useFakeTimers();
      const end = Date.now() + 2_000;
      const deadline = { remainingMs: () => end - Date.now(), marginMs: 1_000 };
      const queue = fakeQueue(async (entries, call) => {
        if (call > 1) return never();
        await new Promise((resolve) => setTimeout(resolve, 1_400));
        return acceptAll(entries);
      });
      const run = publishMessages({ client: queue.client, queueUrl }, numbered(100), {
        deadline,
        concurrency: 2,
      });
      await vi.advanceTimersByTimeAsync(1_499);
      let ended = false;
      void run.then(() => {
        ended = true;
      });
      await vi.advanceTimersByTimeAsync(0);
      expect(ended).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      const result = await run;
      expect(queue.calls).toHaveLength(2);
      expect(result.counts).toEqual({ expected: 20, published: 10, failed: 10 });
      expect(vi.getTimerCount()).toBe(0);
    });

    it('does not wait for a silent source at the deadline', async () => {
      vi.useFakeTimers();
      const end = Date.now() + 2_000;
      const deadline = { remainingMs: () => end - Date.now(), marginMs: 1_000 };
      const source = { [Symbol.asyncIterator]: () => ({ next: never }) };
      const run = publishMessages({ client: fakeQueue().client, queueUrl }, source, { deadline });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await run).toMatchObject({ counts: { expected: 0 }, calls: 0 });
      expect(vi.getTimerCount()).toBe(0);
    });

    it('sends nothing past the deadline', async () => {
      const queue = fakeQueue();
      const deadline = { remainingMs: () => 999, marginMs: 1_000 };
      const result = await publishMessages({ client: queue.client, queueUrl }, numbered(5), { deadline });
      expect(result).toMatchObject({ counts: { expected: 0 }, calls: 0 });
    });
  });

  describe('FIFO', () => {
    const message = (group: string, body: string): OutgoingMessage => ({
      body,
      groupId: group,
      deduplicationId: body,
    });
    const ofGroup = (entries: readonly SentEntry[], group: string) =>
      entries.filter(({ MessageGroupId }) => MessageGroupId === group).map(({ MessageBody }) => MessageBody);

    it('keeps a group in order though its first message is refused twice, while others go on', async () => {
      let refusals = 2;
      const accepted: SentEntry[] = [];
      const queue = fakeQueue((entries) => {
        const reply = refusing(entries, ({ MessageBody }) => MessageBody === 'a0' && refusals-- > 0);
        accepted.push(...entries.filter(({ Id }) => reply.Successful?.some((ok) => ok.Id === Id)));
        return reply;
      });
      const messages = ['a', 'b', 'c'].flatMap((group) =>
        [0, 1, 2, 3].map((n) => message(group, `${group}${n}`)),
      );
      const result = await publishMessages({ client: queue.client, queueUrl: fifoUrl }, messages, {
        retry: atOnce,
      });
      expect(result.counts).toEqual({ expected: 12, published: 12, failed: 0 });
      for (const group of ['a', 'b', 'c']) {
        expect(ofGroup(accepted, group)).toEqual([0, 1, 2, 3].map((n) => `${group}${n}`));
      }
      for (const call of queue.calls) {
        expect(new Set(call.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(call.length);
      }
    });

    it('goes on with a group though the source is silent', async () => {
      const controller = new AbortController();
      const queue = fakeQueue();
      async function* messages() {
        for (const n of [0, 1, 2]) yield message('a', `a${n}`);
        await never();
      }
      const run = publishMessages({ client: queue.client, queueUrl: fifoUrl }, messages(), {
        signal: controller.signal,
      });
      await vi.waitFor(() => expect(queue.bodies()).toEqual(['a0', 'a1', 'a2']));
      controller.abort();
      expect((await run).counts).toEqual({ expected: 3, published: 3, failed: 0 });
    });

    it('still sends the rest of a group after a message that fails for good', async () => {
      const queue = fakeQueue((entries) =>
        refusing(entries, ({ MessageBody }) => MessageBody === 'a1', { senderFault: true }),
      );
      const messages = [0, 1, 2].map((n) => message('a', `a${n}`));
      const result = await publishMessages({ client: queue.client, queueUrl: fifoUrl }, messages);
      expect(result.failures.map(({ index }) => index)).toEqual([1]);
      expect(queue.bodies()).toEqual(['a0', 'a1', 'a2']);
    });

    it('fills a call with one group under batchGroups, one call after another', async () => {
      const queue = fakeQueue();
      const messages = Array.from({ length: 25 }, (_, n) => message('a', `${n}`));
      const result = await publishMessages({ client: queue.client, queueUrl: fifoUrl }, messages, {
        batchGroups: true,
      });
      expect(result.calls).toBe(3);
      expect(queue.peak()).toBe(1);
      expect(queue.bodies()).toEqual(messages.map(({ body }) => body));
    });

    it('reads past a long group to find others, at most 20 × concurrency ahead', async () => {
      let read = 0;
      function* messages() {
        for (; read < 200; ) yield message(read === 19 ? 'other' : 'long', `${read++}`);
      }
      const queue = fakeQueue(() => never());
      const controller = new AbortController();
      const run = publishMessages({ client: queue.client, queueUrl: fifoUrl }, messages(), {
        signal: controller.signal,
        concurrency: 1,
      });
      await turns();
      expect(read).toBe(20);
      expect(queue.bodies()).toEqual(['0', '19']);
      controller.abort();
      expect((await run).counts).toEqual({ expected: 20, published: 0, failed: 20 });
    });

    it('refuses a message without a group and one with a delay of its own', async () => {
      const queue = fakeQueue();
      const messages = [
        { body: 'no group' },
        { ...message('a', 'late'), delaySeconds: 1 },
        message('a', 'good'),
      ];
      const result = await publishMessages({ client: queue.client, queueUrl: fifoUrl }, messages);
      expect(result.failures).toMatchObject([
        { index: 0, code: 'MissingParameter' },
        { index: 1, code: 'InvalidParameterValue' },
      ]);
      expect(queue.bodies()).toEqual(['good']);
    });
  });

  it('makes no call for nothing', async () => {
    const queue = fakeQueue();
    const result = await publishMessages({ client: queue.client, queueUrl }, []);
    expect(result).toEqual({ counts: { expected: 0, published: 0, failed: 0 }, failures: [], calls: 0 });
    expect(queue.calls).toHaveLength(0);
  });

  it('packs by ten and by bytes, positions as ids', async () => {
    const queue = fakeQueue();
    const messages = [400, 400, 400, ...Array.from({ length: 21 }, () => 2)].map((size) => ({
      body: 'é'.repeat(size / 2),
    }));
    await publishMessages({ client: queue.client, queueUrl }, messages, { maxBatchBytes: 1_000 });
    expect(queue.calls.map((call) => call.length)).toEqual([10, 10, 4]);
    expect(queue.calls[1]?.map(({ Id }) => Id)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('sends a call that is not full once the source falls silent, so that a source may wait for it', async () => {
    vi.useFakeTimers();
    const queue = fakeQueue();
    let published = (): void => {};
    const isPublished = new Promise<void>((resolve) => {
      published = resolve;
    });
    async function* messages() {
      yield { body: 'first' };
      await isPublished;
      yield { body: 'last' };
    }
    const run = publishMessages({ client: queue.client, queueUrl }, messages(), {
      onPublished: () => published(),
    });
    await vi.advanceTimersByTimeAsync(99);
    expect(queue.calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await run).toMatchObject({ counts: { expected: 2, published: 2 }, calls: 2 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps the other calls going while one is slow', async () => {
    let finish = (): void => {};
    const queue = fakeQueue((entries, call) => {
      if (call > 1) return acceptAll(entries);
      return new Promise((resolve) => {
        finish = () => resolve(acceptAll(entries));
      });
    });
    let published = 0;
    const onPublished = () => {
      published++;
    };
    const run = publishMessages({ client: queue.client, queueUrl }, numbered(1_000), {
      concurrency: 2,
      onPublished,
    });
    await vi.waitFor(() => expect(published).toBe(990));
    finish();
    expect((await run).counts.published).toBe(1_000);
  });

  it("reads a standard queue's messages no further ahead than it sends", async () => {
    let read = 0;
    async function* messages() {
      for (;;) yield { body: `${read++}` };
    }
    const controller = new AbortController();
    const queue = fakeQueue(() => never());
    const run = publishMessages({ client: queue.client, queueUrl }, messages(), {
      signal: controller.signal,
      concurrency: 3,
    });
    await turns(200);
    expect(queue.calls).toHaveLength(3);
    expect(read).toBeLessThanOrEqual(60);
    controller.abort();
    await run;
  });

  it('tells of every message that is published, and of the progress', async () => {
    const queue = fakeQueue((entries) =>
      refusing(entries, ({ MessageBody }) => MessageBody === '1', { senderFault: true }),
    );
    const onPublished = vi.fn();
    const onProgress = vi.fn();
    await publishMessages({ client: queue.client, queueUrl }, numbered(3), { onPublished, onProgress });
    expect(onPublished.mock.calls.map(([message]) => message)).toEqual([
      { index: 0, messageId: 'm-0', sequenceNumber: undefined, attempts: 1 },
      { index: 2, messageId: 'm-2', sequenceNumber: undefined, attempts: 1 },
    ]);
    expect(onProgress).toHaveBeenLastCalledWith({ expected: 3, published: 2, failed: 1 });
  });

  it('accounts for every index exactly once, whatever the sizes and whatever the queue does', async () => {
    const fates = ['ok', 'flaky', 'broken', 'refused', 'unmentioned', 'empty', 'illegal', 'long'] as const;
    const message = fc.record({
      fate: fc.constantFrom(...fates),
      size: fc.integer({ min: 1, max: 60 }),
      group: fc.constantFrom('a', 'b', 'c'),
    });
    const run = fc.record({
      messages: fc.array(message, { maxLength: 60 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
      isFifo: fc.boolean(),
      batchGroups: fc.boolean(),
      callFaults: fc.array(fc.constantFrom('ok', 'throttled', 'reset', 'lost', 'slow'), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ messages, concurrency, isFifo, batchGroups, callFaults }) => {
        const accepted = new Map<number, number>();
        const order: number[] = [];
        const tries = new Map<number, number>();
        const indexOf = ({ MessageBody }: SentEntry): number => Number.parseInt(MessageBody, 10);
        const queue = fakeQueue(async (entries, call) => {
          const fault = callFaults[call - 1] ?? 'ok';
          if (fault === 'throttled') throw serviceError('ThrottlingException', 400);
          if (fault === 'reset') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
          if (fault === 'slow') await turns(2);
          const successful: { Id: string; MessageId: string }[] = [];
          const failed: { Id: string; Code: string; SenderFault: boolean }[] = [];
          for (const entry of entries) {
            const index = indexOf(entry);
            const fate = messages[index]?.fate;
            const tried = (tries.get(index) ?? 0) + 1;
            tries.set(index, tried);
            if (fate === 'refused') failed.push({ Id: entry.Id, Code: 'Refused', SenderFault: true });
            else if (fate === 'broken' || (fate === 'flaky' && tried < 3))
              failed.push({ Id: entry.Id, Code: 'Broken', SenderFault: false });
            else {
              if (!accepted.has(index)) order.push(index);
              accepted.set(index, (accepted.get(index) ?? 0) + 1);
              if (fate !== 'unmentioned' || tried > 1)
                successful.push({ Id: entry.Id, MessageId: `${index}` });
            }
          }
          if (fault === 'lost') throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
          return { Successful: successful, Failed: failed };
        });
        const input = messages.map(({ fate, size, group }, index): OutgoingMessage => {
          const tail = fate === 'illegal' ? '\uD800' : fate === 'long' ? 'x'.repeat(200) : '';
          const body = fate === 'empty' ? '' : `${index} ${'x'.repeat(size)}${tail}`;
          return isFifo ? { body, groupId: group, deduplicationId: `${index}` } : { body };
        });
        const seen: number[] = [];
        const result = await publishMessages(
          { client: queue.client, queueUrl: isFifo ? fifoUrl : queueUrl },
          input,
          {
            concurrency,
            batchGroups,
            maxBatchBytes: 150,
            retry: { intervalSeconds: 0, maxAttempts: 20 },
            onPublished: ({ index }) => seen.push(index),
          },
        );
        const failedOnes = result.failures.map(({ index }) => index);
        expect([...seen, ...failedOnes].sort((a, b) => a - b)).toEqual([...messages.keys()]);
        expect(failedOnes).toEqual(
          [...messages.keys()].filter((index) =>
            ['broken', 'refused', 'empty', 'illegal', 'long'].includes(messages[index]?.fate ?? ''),
          ),
        );
        expect(seen.every((index) => accepted.has(index))).toBe(true);
        expect(result.calls).toBe(queue.calls.length);
        expect(queue.peak()).toBeLessThanOrEqual(concurrency);
        for (const call of queue.calls) {
          expect(call.length).toBeLessThanOrEqual(10);
          expect(call.reduce((sum, { MessageBody }) => sum + MessageBody.length, 0)).toBeLessThanOrEqual(150);
        }
        if (!isFifo || batchGroups) return;
        for (const group of ['a', 'b', 'c']) {
          const inGroup = order.filter((index) => messages[index]?.group === group);
          expect(inGroup).toEqual([...inGroup].sort((a, b) => a - b));
        }
      }),
      { numRuns: 100 },
    );
  });
});
