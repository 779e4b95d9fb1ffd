import diagnostics from 'node:diagnostics_channel';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSemaphore, memorySemaphoreStore, publishMessages, type Slot } from '../../src/fanout/index.js';
import { type BatchEvent, createWorker } from '../../src/invocation/index.js';
import { type Local, startLocal } from '../../src/local/index.js';

const RECORDS = 200;
const LIMIT = 10;

let local: Local;
let postponed = 0;
const listen = (event: unknown) => {
  postponed += (event as BatchEvent).postponed ?? 0;
};
beforeAll(async () => {
  local = await startLocal();
  diagnostics.subscribe('fanfold:batch', listen);
});
afterEach(() => diagnostics.unsubscribe('fanfold:batch', listen));
afterAll(() => local.stop());

describe('createWorker behind SQS, with fewer slots than records', () => {
  it('brings no record to the dead-letter queue for want of a slot', async () => {
    const options = { limit: LIMIT, leaseMs: 60_000 };
    const semaphore = createSemaphore({ store: memorySemaphoreStore() }, 'connections', options);
    const queue = await local.createQueue('work', { maxReceiveCount: 3, visibilityTimeoutSeconds: 60 });
    const target = { client: new SQSClient(local.clientConfig('sqs')), queueUrl: queue.queueUrl };

    const done = new Map<number, number>();
    let [atOnce, mostAtOnce] = [0, 0];
    const worker = createWorker({
      input: z.number(),
      maxReceiveCount: 3,
      queue: target,
      semaphore: (n) => ({ semaphore, holder: `record ${n}`, waitMs: 1_000 }),
      async process(n) {
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atOnce -= 1;
        done.set(n, (done.get(n) ?? 0) + 1);
      },
    });
    // Others hold every slot until most records have been turned away once.
    const others: Slot[] = [];
    for (let n = 0; n < LIMIT; n += 1) others.push(await semaphore.acquire(`other ${n}`));
    local.lambda.register('worker', worker, { timeoutMs: 60_000, concurrency: 20 });
    await publishMessages(
      target,
      Array.from({ length: RECORDS }, (_, n) => ({ body: JSON.stringify(n) })),
    );
    const mapping = await local.mapQueue({
      queueUrl: queue.queueUrl,
      functionName: 'worker',
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    await expect.poll(() => postponed, { timeout: 30_000 }).toBeGreaterThanOrEqual(RECORDS / 2);
    for (const slot of others) await semaphore.release(slot);

    await expect.poll(() => done.size, { timeout: 50_000, interval: 50 }).toBe(RECORDS);
    const idle = { visible: 0, inFlight: 0, delayed: 0 };
    await expect
      .poll(() => local.queueDepth(queue.queueUrl), { timeout: 30_000, interval: 50 })
      .toEqual(idle);
    expect(await local.queueDepth(queue.deadLetterQueueUrl ?? '')).toEqual(idle);
    expect(mostAtOnce).toBeLessThanOrEqual(LIMIT);
    expect([...done.values()].every((times) => times === 1)).toBe(true);
    mapping.stop();
  });
});
