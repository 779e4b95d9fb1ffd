import { createDeadLetterHandler } from 'fanfold';
import type { ChildConfig } from './childConfig.js';
import { connect } from './connect.js';
import { pollQueue } from './pollQueue.js';
import type { Underway } from './report.js';

/** The worker of the dead-letter queue. */
export function settleDeadLetters(config: ChildConfig, underway: Underway): Promise<never> {
  const { sqs, fanIn } = connect(config, underway);
  const handler = createDeadLetterHandler({ fanIn });
  return pollQueue({ sqs, queue: config.queues.deadLetters, work: 'deadLetters', underway, handler });
}
