import { setTimeout as sleep } from 'node:timers/promises';
import { type FanOutToQueueOptions, fanOutToQueue, isFanfoldError, NonRetryableError } from 'fanfold';
import { kindOf } from '../itemKind.js';
import { limits } from '../limits.js';
import type { ChildConfig } from './childConfig.js';
import { connect } from './connect.js';
import { report, type Underway } from './report.js';

/** More than a message may hold, and as much as the publisher takes in one chunk. */
const TOO_LONG = 8_388_608;

async function* read(items: number): AsyncGenerator<number> {
  for (let item = 0; item < items; item += 1) {
    if (item % 10 === 0) await sleep(3);
    yield item;
  }
}

/** Publishes the job, or what an earlier publisher left of it, and ends. */
export async function publish(config: ChildConfig, underway: Underway): Promise<void> {
  const { seed, items, mode, id, deadlineAt, queues } = config;
  const { sqs, fanIn } = connect(config, underway, limits.publishWireMs);
  const options: FanOutToQueueOptions<number> = {
    ...(mode === 'fixed' ? { total: items } : {}),
    deadlineAt,
    concurrency: 2,
    toMessage(item) {
      const kind = kindOf(seed, item);
      if (kind === 'refused') throw new NonRetryableError(`item ${item} is refused`, { code: 'Refused' });
      return { body: { item, ...(kind === 'tooLong' ? { ballast: 'x'.repeat(TOO_LONG) } : {}) } };
    },
    onPublished: () => void report({ event: 'published' }),
  };
  const target = { client: sqs, queueUrl: queues.items.url, fanIn };
  for (;;) {
    try {
      await underway('publish', [], () => fanOutToQueue(target, id, read(items), options));
      return;
    } catch (error) {
      // The deadline came before the end of the stream: there is nothing left to publish for.
      if (deadlineAt !== null && isFanfoldError(error, 'FanInSealed')) return;
      // Another process may hold the delivery when this one settles or seals the last item.
      if (!isFanfoldError(error) || !error.retryable) throw error;
      await sleep(limits.leaseMs / 4);
    }
  }
}
