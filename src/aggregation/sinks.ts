import { invalidArgument } from '../arguments.js';
import { type AwsClient, expectClient, loadSQS } from '../peers.js';
import type { OnComplete } from './fanIn.js';

export interface QueueSinkOptions {
  /** An `SQSClient`. */
  readonly client: AwsClient;
  readonly queueUrl: string;
}

/**
 * An `onComplete` that sends the summary as JSON to an SQS queue, whose consumer is the aggregator.
 *
 * Delivery is at least once on a standard queue: deduplicate by the summary's `deliveryId`. On a FIFO queue the
 * `deliveryId` is the deduplication id, so that within SQS's five minutes a repeat is dropped. Throws what SQS threw
 * where it could not deliver; the fan-in then tries again.
 *
 * AWS calls: `SendMessage`; IAM `sqs:SendMessage` on the queue.
 *
 * @throws FanfoldError `InvalidArgument` for a client of another service or a queue URL that is none · `MissingPeer`.
 * @example
 * ```ts
 * createFanIn({ store, onComplete: sendToQueue({ client: sqs, queueUrl: aggregatorQueueUrl }) });
 * ```
 */
export function sendToQueue({ client, queueUrl }: QueueSinkOptions): OnComplete {
  const sqs = expectClient('client', client, 'SQS');
  if (typeof queueUrl !== 'string' || queueUrl === '')
    throw invalidArgument('queueUrl', 'the URL of a queue', queueUrl);
  return async (summary, { signal }) => {
    const { SendMessageCommand } = await loadSQS();
    const { deliveryId } = summary;
    const fifo = queueUrl.endsWith('.fifo')
      ? { MessageGroupId: deliveryId, MessageDeduplicationId: deliveryId }
      : {};
    const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(summary), ...fifo };
    await sqs.send(new SendMessageCommand(message), { abortSignal: signal });
  };
}
