import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FanInEvent } from '../../src/aggregation/index.js';
import { entry, failed, succeeded, watched } from './fanInOutcomes.js';

const events: FanInEvent[] = [];
const keep = (event: unknown) => void events.push(event as FanInEvent);
beforeEach(() => {
  events.length = 0;
  subscribe('fanfold:fanin', keep);
});
afterEach(() => {
  unsubscribe('fanfold:fanin', keep);
});

describe('the channel fanfold:fanin', () => {
  it('tells what becomes of a fan-in, and nothing of its payloads, tokens and errors', async () => {
    let tries = 0;
    const { fanIn } = watched({
      storeResults: true,
      onComplete: () => {
        tries += 1;
        if (tries === 1) throw Object.assign(new TypeError('secret'), { code: 'E_DOWN' });
        return { delivery: 'unknown' };
      },
      onProgress: () => Promise.reject(new RangeError('secret')),
    });
    const options = { total: 3, taskToken: 'secret-1', metadata: { key: 'secret' } };
    await fanIn.open('a', options);
    await fanIn.open('a', { ...options, taskToken: 'secret-2' });
    await fanIn.settle('a', [entry(0, succeeded('secret')), entry(0, succeeded('secret'))]);
    await fanIn.settle('a', [entry(1, failed('secret')), entry(2)]).catch(() => undefined);
    await fanIn.settle('a', [entry(2)]);
    const counts = { expected: 3, succeeded: 2, failed: 1, timedOut: 0, cancelled: 0, notStarted: 0 };
    const deliveryId = expect.any(String);
    expect(events).toEqual([
      { type: 'opened', id: 'a', isNew: true, total: 3 },
      { type: 'opened', id: 'a', isNew: false, total: 3 },
      { type: 'settled', id: 'a', recorded: 1, duplicates: 1, gone: 0, state: 'open' },
      { type: 'progressFailed', id: 'a', error: { name: 'RangeError' } },
      { type: 'decided', id: 'a', deliveryId, completionReason: 'ALL_COMPLETED', counts },
      { type: 'deliveryFailed', id: 'a', deliveryId, error: { name: 'TypeError', code: 'E_DOWN' } },
      { type: 'delivered', id: 'a', deliveryId, delivery: 'unknown', durationMs: expect.any(Number) },
      { type: 'settled', id: 'a', recorded: 0, duplicates: 1, gone: 0, state: 'delivered' },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('tells that a fan-in is ended early, once', async () => {
    const { fanIn } = watched();
    await fanIn.open('a', { total: 3 });
    await fanIn.cancel('a', 'secret');
    await fanIn.cancel('a', 'secret');
    expect(events.map(({ type }) => type)).toEqual(['opened', 'closing', 'decided', 'delivered']);
    expect(events[1]).toEqual({ type: 'closing', id: 'a', completionReason: 'CANCELLED' });
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});
