import type { Message } from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { createReceivers } from '../../src/local/receivers.js';

/** A queue that answers only when the test says so. */
function queue({ wanted = (): number => 100, step = 1 } = {}) {
  const calls: { count: number; waitSeconds: number; answer(messages: number): void; fail(): void }[] = [];
  let received = 0;
  const receivers = createReceivers({
    wanted: () => wanted() - received,
    step,
    received: (messages) => {
      received += messages.length;
      receivers.pump();
    },
    receive: (count, waitSeconds) =>
      new Promise<Message[]>((resolve, reject) => {
        calls.push({
          count,
          waitSeconds,
          answer: (messages) => resolve(Array.from({ length: messages }, () => ({}))),
          fail: () => reject(new Error('no route')),
        });
      }),
  });
  receivers.pump();
  return { calls, receivers };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createReceivers', () => {
  it('asks for nothing while nothing is wanted', () => {
    expect(queue({ wanted: () => 0 }).calls).toEqual([]);
  });

  it('waits with one call while the queue is empty', async () => {
    const { calls, receivers } = queue();
    receivers.pump();
    calls[0]?.answer(0);
    await settle();
    receivers.pump();
    expect(calls.map(({ count, waitSeconds }) => [count, waitSeconds])).toEqual([
      [10, 20],
      [10, 20],
    ]);
  });

  it('asks with more calls while they come back full, and one waits when they come back empty', async () => {
    const { calls } = queue();
    calls[0]?.answer(10);
    await settle();
    expect(calls.slice(1).map(({ waitSeconds }) => waitSeconds)).toEqual([20, 0]);
    calls[2]?.answer(0);
    await settle();
    expect(calls).toHaveLength(3);
  });

  it('never asks for more than is wanted', async () => {
    const { calls } = queue({ wanted: () => 13 });
    calls[0]?.answer(10);
    await settle();
    expect(calls.map(({ count }) => count)).toEqual([10, 3]);
  });

  it('adds no small call to one under way: what becomes free meanwhile shares the next', async () => {
    let wanted = 11;
    const { calls, receivers } = queue({ wanted: () => wanted });
    calls[0]?.answer(10);
    await settle();
    for (wanted of [12, 13, 19]) receivers.pump();
    expect(calls.map(({ count }) => count)).toEqual([10, 1]);
    calls[1]?.answer(1);
    await settle();
    expect(calls.map(({ count }) => count)).toEqual([10, 1, 8]);
  });

  it('asks for a second full call while a small one is under way', async () => {
    let wanted = 11;
    const { calls, receivers } = queue({ wanted: () => wanted });
    calls[0]?.answer(10);
    await settle();
    wanted = 21;
    receivers.pump();
    expect(calls.map(({ count }) => count)).toEqual([10, 1, 10]);
  });

  it('asks for whole batches', () => {
    expect(queue({ step: 4 }).calls[0]?.count).toBe(8);
    expect(queue({ step: 4, wanted: () => 3 }).calls).toEqual([]);
  });

  it('pauses after an error and goes on', async () => {
    const { calls, receivers } = queue();
    calls[0]?.fail();
    await settle();
    receivers.pump();
    expect(calls).toHaveLength(1);
    await vi.waitFor(() => expect(calls).toHaveLength(2));
  });

  it('asks for nothing after it was stopped', async () => {
    const { calls, receivers } = queue();
    receivers.stop();
    calls[0]?.answer(10);
    await settle();
    receivers.pump();
    expect(calls).toHaveLength(1);
  });
});
