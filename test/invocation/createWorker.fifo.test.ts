import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toEnvelope } from '../../src/envelope.js';
import { createWorker } from '../../src/invocation/index.js';
import { sqsEvent } from '../../src/testing/index.js';
import { failedIds } from './failedIds.js';
import { fakeFanIn } from './fakeFanIn.js';

const input = z.string();
/** Message ids and bodies are the same: `a1` is the first of group `a`. */
const fifo = (...names: string[]) =>
  sqsEvent(
    names.map((name) => ({ body: JSON.stringify(name), messageId: name, groupId: name.slice(0, 1) })),
    { queueName: 'orders.fifo' },
  );

describe('createWorker on a FIFO queue', () => {
  it('runs groups in parallel and a group serially', async () => {
    const log: string[] = [];
    const handler = createWorker({
      input,
      process: async (name) => {
        log.push(`+${name}`);
        await new Promise(setImmediate);
        log.push(`-${name}`);
      },
    });
    expect(failedIds(await handler(fifo('a1', 'a2', 'b1', 'b2')))).toEqual([]);
    expect(log).toEqual(['+a1', '+b1', '-a1', '+a2', '-b1', '+b2', '-a2', '-b2']);
  });

  it('reports the rest of a group after a failure, unprocessed, and goes on with the others', async () => {
    const processed: string[] = [];
    const handler = createWorker({
      input,
      process: (name) => {
        processed.push(name);
        if (name === 'a2') throw new Error('x');
      },
    });
    expect(failedIds(await handler(fifo('a1', 'b1', 'a2', 'a3', 'b2', 'a4')))).toEqual(['a2', 'a3', 'a4']);
    expect(processed.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('does not overtake a record that cannot be read', async () => {
    const [first, second] = fifo('a1', 'a2').Records;
    const handler = createWorker({ input, process: () => {} });
    expect(failedIds(await handler({ Records: [{ ...first, body: '{' }, second] }))).toEqual(['a1', 'a2']);
  });

  it('begins the next of a group only after the one before is settled, and not when that failed', async () => {
    const processed: number[] = [];
    const fanIn = fakeFanIn({
      before: (_, [index]) => {
        processed.push(-Number(index));
        if (index === 2) throw new Error('throttled');
      },
    });
    const handler = createWorker({
      input: z.number(),
      process: (n) => {
        processed.push(n);
      },
      fanIn,
    });
    const event = sqsEvent(
      [1, 2, 3].map((n) => ({ body: toEnvelope('job', n, n), groupId: 'a' })),
      { queueName: 'orders.fifo' },
    );
    expect(failedIds(await handler(event))).toEqual(['message-1', 'message-2']);
    expect(processed).toEqual([1, -1, 2, -2]);
  });

  it('limits how many groups are in process', async () => {
    let running = 0;
    let peak = 0;
    const handler = createWorker({
      input,
      concurrency: 2,
      process: async () => {
        peak = Math.max(peak, ++running);
        await new Promise(setImmediate);
        running--;
      },
    });
    await handler(fifo('a1', 'b1', 'c1', 'd1'));
    expect(peak).toBe(2);
  });

  it('takes a group id on a standard queue for a fair queue, which orders nothing', async () => {
    const processed: string[] = [];
    const handler = createWorker({
      input,
      process: (name) => {
        processed.push(name);
        if (name === 'a1') throw new Error('x');
      },
    });
    const event = sqsEvent(
      ['a1', 'a2'].map((name) => ({ body: JSON.stringify(name), messageId: name, groupId: 'a' })),
    );
    expect(failedIds(await handler(event))).toEqual(['a1']);
    expect(processed).toEqual(['a1', 'a2']);
  });
});
