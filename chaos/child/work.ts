import { createWorker } from 'fanfold';
import { z } from 'zod';
import { limits } from '../limits.js';
import type { ChildConfig } from './childConfig.js';
import { connect } from './connect.js';
import { pollQueue } from './pollQueue.js';
import { processItem } from './processItem.js';
import type { Underway } from './report.js';

/** A worker of the items' queue. */
export function work(config: ChildConfig, underway: Underway): Promise<never> {
  const { sqs, fanIn } = connect(config, underway);
  const handler = createWorker({
    input: z.object({ item: z.number().int() }),
    process: ({ item }, { receiveCount = 1 }) => processItem(config.seed, item, receiveCount),
    fanIn,
    maxReceiveCount: limits.maxReceiveCount,
  });
  return pollQueue({ sqs, queue: config.queues.items, work: 'batch', underway, handler });
}
