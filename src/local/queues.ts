import type { SQSClient } from '@aws-sdk/client-sqs';
import { expectInteger, invalidArgument } from '../arguments.js';
import { loadSQS } from '../peers.js';

export interface QueueOptions {
  /** Makes it a FIFO queue; `.fifo` is added to its name. @default false */
  readonly fifo?: boolean;
  /** FIFO only. @default false */
  readonly contentBasedDeduplication?: boolean;
  /** How long a received message stays hidden, in seconds. @default 30 */
  readonly visibilityTimeoutSeconds?: number;
  /** After so many receives a message goes to a dead-letter queue, which is created too. @default no such queue */
  readonly maxReceiveCount?: number;
}

export interface CreatedQueue {
  readonly queueUrl: string;
  readonly queueArn: string;
  /** Where `maxReceiveCount` was given. */
  readonly deadLetterQueueUrl?: string;
}

/** How many messages a queue holds. */
export interface QueueDepth {
  readonly visible: number;
  /** Received and neither deleted nor visible again. */
  readonly inFlight: number;
  readonly delayed: number;
}

async function create(
  client: SQSClient,
  QueueName: string,
  Attributes: Record<string, string>,
): Promise<{ queueUrl: string; queueArn: string }> {
  const { CreateQueueCommand, GetQueueAttributesCommand } = await loadSQS();
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  const reply = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return { queueUrl: QueueUrl, queueArn: reply.Attributes?.QueueArn ?? '' };
}

/** Creates a queue and, where asked, the dead-letter queue (`NAME-dlq`) and the redrive policy between them. */
export async function createQueue(
  client: SQSClient,
  name: string,
  options: QueueOptions = {},
): Promise<CreatedQueue> {
  const { fifo = false, contentBasedDeduplication = false, maxReceiveCount } = options;
  const { visibilityTimeoutSeconds = 30 } = options;
  if (typeof name !== 'string' || !/^[\w-]{1,71}$/.test(name)) {
    throw invalidArgument('name', '1 to 71 letters, digits, hyphens or underscores', name);
  }
  expectInteger('visibilityTimeoutSeconds', visibilityTimeoutSeconds, 0, 43_200);
  if (maxReceiveCount !== undefined) expectInteger('maxReceiveCount', maxReceiveCount, 1, 1_000);
  const suffix = fifo ? '.fifo' : '';
  const Attributes: Record<string, string> = {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    ...(fifo ? { FifoQueue: 'true', ContentBasedDeduplication: String(contentBasedDeduplication) } : {}),
  };
  if (maxReceiveCount === undefined) return create(client, `${name}${suffix}`, Attributes);
  const deadLetters = await create(client, `${name}-dlq${suffix}`, Attributes);
  const redrive = { deadLetterTargetArn: deadLetters.queueArn, maxReceiveCount };
  const queue = await create(client, `${name}${suffix}`, {
    ...Attributes,
    RedrivePolicy: JSON.stringify(redrive),
  });
  return { ...queue, deadLetterQueueUrl: deadLetters.queueUrl };
}

/** What a queue holds at this moment. */
export async function queueDepth(client: SQSClient, queueUrl: string): Promise<QueueDepth> {
  const { GetQueueAttributesCommand } = await loadSQS();
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
  const { Attributes = {} } = await client.send(command);
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}
