import { createJobs, memoryJobStore } from 'fanfold';
import { describe, expect, it } from 'vitest';
import { createConclude } from '../../../../examples/trading/events/createConclude.js';
import { createEventConsumer } from '../../../../examples/trading/events/createEventConsumer.js';
import { createPublish } from '../../../../examples/trading/events/createPublish.js';
import { SOURCE, type TradingEvent } from '../../../../examples/trading/events/tradingEvent.js';

const signal: TradingEvent = { detailType: 'SignalGenerated', detail: { correlation_id: 'c' } };
const failed: TradingEvent = { detailType: 'WorkflowFailed', detail: { correlation_id: 'c' } };

function stage() {
  const store = memoryJobStore();
  let now = 0;
  const jobs = createJobs<unknown, TradingEvent | null>({ store, leaseMs: 1_000, now: () => now });
  const put: TradingEvent[] = [];
  return {
    jobs,
    put,
    later: (ms: number) => {
      now += ms;
    },
    publish: async (event: TradingEvent) => {
      put.push(event);
    },
  };
}

describe('a conclusion', () => {
  it('is decided once and sent once, however often it is asked for', async () => {
    const { jobs, put, publish } = stage();
    const conclude = createConclude({ jobs, publish });
    expect(await conclude('w', () => signal)).toEqual(signal);
    expect(await conclude('w', () => failed)).toEqual(signal);
    expect(put).toEqual([signal]);
  });

  it('stays what it was when the process died between deciding and sending', async () => {
    const { jobs, put, publish } = stage();
    const dying = createConclude({ jobs, publish: () => Promise.reject(new Error('no connection')) });
    await expect(dying('w', () => signal)).rejects.toThrow('no connection');
    await createConclude({ jobs, publish })('w', () => failed);
    expect(put).toEqual([signal]);
  });

  it('is sent again, as it was, when the process died between sending and noting that', async () => {
    const { jobs, put, publish, later } = stage();
    const died = new Promise<never>(() => {});
    const dying = createConclude({
      jobs,
      publish: async (event) => {
        await publish(event);
        await died;
      },
    });
    void dying('w', () => signal);
    await expect.poll(() => put).toEqual([signal]);
    const conclude = createConclude({ jobs, publish });
    await expect(conclude('w', () => failed)).rejects.toMatchObject({ code: 'JobBusy', retryable: true });
    later(1_001);
    await conclude('w', () => failed);
    expect(put).toEqual([signal, signal]);
  });

  it('of a shadow is decided, and not sent', async () => {
    const { jobs, put, publish } = stage();
    await createConclude({ jobs, publish })('w', () => signal, { isShadow: true });
    expect(put).toEqual([]);
  });

  it('is tried again after a decision that could not be made', async () => {
    const { jobs, put, publish } = stage();
    const conclude = createConclude({ jobs, publish });
    const unable = () => conclude('w', () => Promise.reject(new Error('S3 is away')));
    await expect(unable()).rejects.toThrow('S3 is away');
    await conclude('w', () => signal);
    expect(put).toEqual([signal]);
  });
});

describe('a consumer', () => {
  it('has one effect of an event that was put twice, and tries a failed one again', async () => {
    const effects: string[] = [];
    let isAway = true;
    const consumer = createEventConsumer({
      jobs: createJobs({ store: memoryJobStore() }),
      handle: async (event) => {
        if (isAway) throw new Error('away');
        effects.push(event.detail.correlation_id);
      },
    });
    const event = { source: SOURCE, 'detail-type': 'SignalGenerated', detail: { correlation_id: 'c' } };
    await expect(consumer({ ...event, id: '1' })).rejects.toThrow('away');
    isAway = false;
    await consumer({ ...event, id: '1' });
    await consumer({ ...event, id: '2' });
    await consumer({ ...event, id: '3', detail: { correlation_id: 'other' } });
    expect(effects).toEqual(['c', 'other']);
  });
});

describe('putting an event', () => {
  it.each([
    ['InternalFailure', true],
    ['ThrottlingException', true],
    ['MalformedDetail', false],
  ])('fails by an entry that failed with status 200: %s', async (ErrorCode, retryable) => {
    const reply = { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'no' }] };
    const client = { send: async () => reply };
    await expect(createPublish(client as never)(signal)).rejects.toMatchObject({
      code: 'EventNotPut',
      retryable,
    });
  });
});
