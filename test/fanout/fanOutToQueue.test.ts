import { describe, expect, it, vi } from 'vitest';
import {
  createFanIn,
  type FanIn,
  type FanInStore,
  memoryFanInStore,
  type OnComplete,
} from '../../src/aggregation/index.js';
import { fanOutToQueue } from '../../src/fanout/index.js';
import { collect } from '../collect.js';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

/** A queue by its shape: keeps what it is sent, refuses what `refuse` names. */
function fakeQueue({
  before = async () => undefined as unknown,
  refuse = (body: string): boolean => body.length === 0,
} = {}) {
  const bodies: string[] = [];
  const send = async (command: { input: { Entries: Entry[] } }) => {
    await before();
    const { Entries } = command.input;
    const bad = Entries.filter(({ MessageBody }) => refuse(MessageBody));
    const good = Entries.filter((entry) => !bad.includes(entry));
    bodies.push(...good.map(({ MessageBody }) => MessageBody));
    return {
      Successful: good.map(({ Id }) => ({ Id, MessageId: `m${Id}` })),
      Failed: bad.map(({ Id }) => ({ Id, Code: 'InvalidMessageContents', Message: 'no', SenderFault: true })),
    };
  };
  const client = { send: send as (command: never) => Promise<unknown>, config: { serviceId: 'SQS' } };
  return {
    client,
    queueUrl: 'https://sqs/queue',
    bodies,
    envelopes: () => bodies.map((body) => JSON.parse(body)),
  };
}

async function* stream(count: number) {
  for (let i = 0; i < count; i += 1) yield { book: i };
}

/** Settles everything that was published, as the workers would. */
async function settleAll(fanIn: FanIn, id: string, queue: ReturnType<typeof fakeQueue>) {
  const indices = new Set<number>(queue.envelopes().map(({ fanIn: { index } }) => index));
  await fanIn.settle(
    id,
    [...indices].map((index) => ({ index, outcome: { status: 'succeeded', value: null } as const })),
  );
}

function watched(store: FanInStore = memoryFanInStore()) {
  const onComplete = vi.fn<OnComplete>();
  return { onComplete, store, fanIn: createFanIn({ store, onComplete, leafSize: 4, storeResults: true }) };
}

describe('fanOutToQueue', () => {
  it.each([
    ['an array', (count: number) => Array.from({ length: count }, (_, i) => ({ book: i }))],
    ['a stream', stream],
  ])('publishes each item of %s under its index, and seals', async (_name, make) => {
    const queue = fakeQueue();
    const { fanIn, onComplete } = watched();
    const result = await fanOutToQueue({ ...queue, fanIn }, 'job', make(25));
    expect(result).toEqual({
      id: 'job',
      status: 'published',
      counts: { expected: 25, published: 25, failed: 0 },
      failures: [],
    });
    expect(queue.envelopes().map(({ fanIn: { index }, payload }) => [index, payload.book])).toEqual(
      Array.from({ length: 25 }, (_, i) => [i, i]),
    );
    expect(await fanIn.status('job')).toMatchObject({
      sealed: true,
      counts: { expected: 25, notStarted: 25 },
    });
    await settleAll(fanIn, 'job', queue);
    expect(onComplete).toHaveBeenCalledOnce();
  });

  it('completes a job without items at once', async () => {
    const { fanIn, onComplete } = watched();
    expect(await fanOutToQueue({ ...fakeQueue(), fanIn }, 'none', stream(0))).toMatchObject({
      status: 'published',
    });
    expect(await fanOutToQueue({ ...fakeQueue(), fanIn }, 'empty', [])).toMatchObject({
      status: 'published',
    });
    expect(onComplete).toHaveBeenCalledTimes(2);
  });

  it('settles as failed what has no message or cannot be published, and the job still completes', async () => {
    const queue = fakeQueue({ refuse: (body) => body.includes('"book":7') });
    const { fanIn, onComplete } = watched();
    const result = await fanOutToQueue({ ...queue, fanIn }, 'job', stream(12), {
      toMessage: (item, index) => {
        if (index === 3) throw Object.assign(new Error('line 5: no title'), { code: 'BadRow' });
        return { body: index === 9 ? { big: 1n as never } : item };
      },
    });
    expect(result.counts).toEqual({ expected: 12, published: 9, failed: 3 });
    expect(result.failures.map(({ index, code }) => [index, code])).toEqual(
      [
        [3, 'BadRow'],
        [7, 'InvalidMessageContents'],
        [9, 'TypeError'],
      ].sort((a, b) => Number(a[0]) - Number(b[0])),
    );
    await settleAll(fanIn, 'job', queue);
    expect(onComplete.mock.calls[0]?.[0].counts).toMatchObject({ expected: 12, succeeded: 9, failed: 3 });
    const results = await collect(fanIn.results('job'));
    expect(results[3]?.outcome).toMatchObject({
      status: 'failed',
      error: { message: 'line 5: no title', code: 'BadRow' },
    });
  });

  it.each([
    { total: 25, step: 1, refused: [] },
    { total: 25, step: 1, refused: [3, 24] },
    { total: 2_500, step: 83, refused: [2_000] },
  ])(
    'accounts for each of $total indices (refused: $refused) when killed after every call (by steps of $step) and run again',
    async ({ total, step: stride, refused }) => {
      const options = {
        toMessage: (item: { readonly book: number }, index: number) => {
          if (refused.some((bad) => bad === index)) throw new Error('no title');
          return { body: item };
        },
      };
      let finished = false;
      let kills = 0;
      for (let target = 1; !finished; target += stride) {
        const inner = memoryFanInStore();
        let calls = 0;
        let die = () => {};
        const dead = new Promise<'dead'>((resolve) => {
          die = () => resolve('dead');
        });
        const step = () => {
          calls += 1;
          if (calls > target) die();
          return calls > target;
        };
        const hang = new Promise<never>(() => undefined);
        const queue = fakeQueue({ before: async () => (step() ? hang : undefined) });
        const dying = createFanIn({ store: hangingStore(inner, step, hang), leafSize: 4 });
        const first = await Promise.race([
          fanOutToQueue({ ...queue, fanIn: dying }, 'job', stream(total), options),
          dead,
        ]);
        finished = first !== 'dead';
        if (!finished) kills += 1;

        const again = fakeQueue();
        const { fanIn, onComplete } = watched(inner);
        expect(await fanOutToQueue({ ...again, fanIn }, 'job', stream(total), options)).toMatchObject({
          status: 'published',
        });
        const published = new Map<number, number>();
        for (const {
          fanIn: { index },
          payload,
        } of [...queue.envelopes(), ...again.envelopes()]) {
          expect(payload.book).toBe(index);
          published.set(index, payload.book);
        }
        expect(published.size).toBe(total - refused.length);
        const entries = [...published.keys()].map((index) => ({
          index,
          outcome: { status: 'succeeded', value: 1 } as const,
        }));
        await createFanIn({ store: inner, leafSize: 4, onComplete }).settle('job', entries);
        expect(onComplete).toHaveBeenCalledOnce();
        expect(onComplete.mock.calls[0]?.[0].counts).toMatchObject({
          expected: total,
          succeeded: total - refused.length,
          failed: refused.length,
        });
      }
      expect(kills).toBeGreaterThan(20);
    },
  );

  it('pauses at its deadline, and goes on where it stopped', async () => {
    const queue = fakeQueue();
    const { fanIn } = watched();
    let reads = 0;
    const slow = async function* () {
      for await (const item of stream(3_000)) {
        reads += 1;
        yield item;
      }
    };
    const deadline = { remainingMs: () => (queue.bodies.length >= 1_000 ? 0 : 60_000), marginMs: 1_000 };
    const first = await fanOutToQueue({ ...queue, fanIn }, 'job', slow(), { deadline });
    expect(first.status).toBe('paused');
    expect(reads).toBeLessThan(3_000);
    expect(await fanIn.status('job')).toMatchObject({ sealed: false });
    const sent = queue.bodies.length;
    expect(first.counts.published).toBe(sent);

    const second = await fanOutToQueue({ ...queue, fanIn }, 'job', stream(3_000));
    expect(second.status).toBe('published');
    expect(second.counts.published).toBeLessThan(3_000);
    const indices = new Set(queue.envelopes().map(({ fanIn: { index } }) => index));
    expect(indices.size).toBe(3_000);
  });

  it('does nothing more once everything is published', async () => {
    const queue = fakeQueue();
    const { fanIn } = watched();
    await fanOutToQueue({ ...queue, fanIn }, 'job', stream(5));
    const again = await fanOutToQueue({ ...queue, fanIn }, 'job', stream(5));
    expect(again).toMatchObject({ status: 'published', counts: { expected: 0, published: 0, failed: 0 } });
    expect(queue.bodies).toHaveLength(5);
  });

  it('rejects when the source throws, after what was read is published, and can be called again', async () => {
    const queue = fakeQueue();
    const { fanIn } = watched();
    const broken = async function* () {
      yield* stream(4);
      throw new Error('connection lost');
    };
    const error: unknown = await fanOutToQueue({ ...queue, fanIn }, 'job', broken()).catch(
      (thrown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'SourceFailed',
      cause: { message: 'connection lost' },
      result: { status: 'paused', counts: { published: 4 } },
    });
    expect(await fanOutToQueue({ ...queue, fanIn }, 'job', stream(6))).toMatchObject({
      status: 'published',
      counts: { published: 2 },
    });
    expect(queue.bodies).toHaveLength(6);
  });

  it('says so when there are fewer or more items than before', async () => {
    const { fanIn } = watched();
    const queue = fakeQueue();
    const publish = (count: number, id: string, total?: number) =>
      fanOutToQueue({ ...queue, fanIn }, id, stream(count), total === undefined ? {} : { total });
    await expect(publish(4, 'short', 5)).rejects.toMatchObject({ code: 'ItemsChanged' });
    await expect(publish(6, 'long', 5)).rejects.toMatchObject({ code: 'ItemsChanged' });
    const paused = new AbortController();
    await fanOutToQueue({ ...queue, fanIn }, 'stream', stream(5), {
      signal: paused.signal,
      onPublished: () => paused.abort(),
    });
    await expect(publish(3, 'stream')).rejects.toMatchObject({ code: 'ItemsChanged' });
  });

  it('reports progress by the items of the whole call, whatever the callbacks do', async () => {
    const seen: number[] = [];
    const { fanIn } = watched();
    const onProgress = vi.fn(() => {
      throw new Error('ignored');
    });
    await fanOutToQueue({ ...fakeQueue(), fanIn }, 'job', stream(1_500), {
      onProgress,
      onPublished: ({ index }) => seen.push(index),
    });
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 1_500 }, (_, i) => i));
    expect(onProgress).toHaveBeenLastCalledWith({ expected: 1_500, published: 1_500, failed: 0 });
  });

  it.each([
    ['items', { items: 7 }],
    ['toMessage', { options: { toMessage: 'body' } }],
    ['fanIn.open', { fanIn: {} }],
    ['deadline', { options: { deadline: 5 } }],
    ['signal', { options: { signal: 5 } }],
  ])(
    'refuses a bad %s before any call',
    async (field, { items = [], options = {}, fanIn = watched().fanIn }: Record<string, unknown>) => {
      const queue = fakeQueue();
      const call = fanOutToQueue(
        { ...queue, fanIn: fanIn as FanIn },
        'job',
        items as never,
        options as never,
      );
      await expect(call).rejects.toThrow(`${field}: expected`);
    },
  );
});

/** A store that answers until `step` says that the process is dead, and never again. */
function hangingStore(store: FanInStore, step: () => boolean, hang: Promise<never>): FanInStore {
  return new Proxy(store, {
    get: (target, method: keyof FanInStore) => {
      const call = target[method].bind(target) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => (step() ? hang : call(...args));
    },
  });
}
