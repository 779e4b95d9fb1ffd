import { type AwsClient, expectClient, loadSQS } from '../peers.js';
import type { SqsMessageAttribute, SqsRecord } from './recordEvents.js';

/** The queue that the worker's records come from. */
export interface WorkerQueue {
  /** An `SQSClient`. */
  readonly client: AwsClient;
  readonly queueUrl: string;
}

/** Long enough for the call that postpones to have answered. */
const DELAY_SECONDS = 5;

function toAttributeValue({ dataType, stringValue, binaryValue }: SqsMessageAttribute) {
  return {
    DataType: dataType,
    ...(typeof stringValue === 'string' ? { StringValue: stringValue } : {}),
    ...(typeof binaryValue === 'string' ? { BinaryValue: Buffer.from(binaryValue, 'base64') } : {}),
  };
}

/**
 * Sends the same message again, delayed, so that the original can be acknowledged: the copy's receives start anew.
 * A copy whose reply is lost is sent twice, as at-least-once allows. AWS call: `sqs:SendMessage`.
 */
export async function sendDelayedCopy({ client, queueUrl }: WorkerQueue, record: SqsRecord): Promise<void> {
  const { SendMessageCommand } = await loadSQS();
  const attributes = Object.entries(record.messageAttributes ?? {});
  const { MessageGroupId, AWSTraceHeader } = record.attributes ?? {};
  await expectClient('queue.client', client, 'SQS').send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: record.body,
      DelaySeconds: DELAY_SECONDS,
      ...(attributes.length > 0
        ? {
            MessageAttributes: Object.fromEntries(attributes.map(([name, a]) => [name, toAttributeValue(a)])),
          }
        : {}),
      ...(MessageGroupId === undefined ? {} : { MessageGroupId }),
      ...(AWSTraceHeader === undefined
        ? {}
        : {
            MessageSystemAttributes: {
              AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader },
            },
          }),
    }),
  );
}

/**
 * Lets a FIFO message come back soon. A copy would fall behind its group, so the message itself stays, which costs one
 * of its receives. AWS call: `sqs:ChangeMessageVisibility`.
 */
export async function shortenVisibility({ client, queueUrl }: WorkerQueue, record: SqsRecord): Promise<void> {
  const { ChangeMessageVisibilityCommand } = await loadSQS();
  await expectClient('queue.client', client, 'SQS').send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: DELAY_SECONDS,
    }),
  );
}
