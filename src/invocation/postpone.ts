import { FanfoldError } from '../errors.js';
import { type AwsClient, expectClient, loadSQS } from '../peers.js';
import type { SqsMessageAttribute, SqsRecord } from './recordEvents.js';

/** The queue that the worker's records come from. */
export interface WorkerQueue {
  /** An `SQSClient`. */
  readonly client: AwsClient;
  readonly queueUrl: string;
  /**
   * How often a message may be postponed; after that it is reported, which costs a receive each time, until the
   * dead-letter queue has it. @default 100
   */
  readonly maxPostponements?: number;
}

/** Long enough for the call that postpones to have answered. */
const DELAY_SECONDS = 5;
const DELAY_GROWTH = 1.1;
/** The longest delay that SQS knows. */
const MAX_DELAY_SECONDS = 900;
const DEFAULT_MAX_POSTPONEMENTS = 100;

/** The message attribute that counts how often a message was postponed: a copy's receives start anew. */
const COUNT_ATTRIBUTE = 'fanfold-postponed';
/** SQS takes no more attributes than these; a message that has as many of its own is not counted. */
const MAX_ATTRIBUTES = 10;

/** At least as long as asked for, and longer from time to time, so that a long wait costs few copies. */
function delaySeconds(postponed: number, retryAfterMs = 0): number {
  const seconds = Math.max(DELAY_SECONDS * DELAY_GROWTH ** postponed, retryAfterMs / 1_000);
  return Math.min(Math.ceil(seconds), MAX_DELAY_SECONDS);
}

/** How often a message was postponed before. */
function postponedBefore({ messageAttributes }: SqsRecord): number {
  const count = Number(messageAttributes?.[COUNT_ATTRIBUTE]?.stringValue ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

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
 *
 * @throws FanfoldError `PostponedTooOften`: copies would follow copies for ever.
 */
export async function sendDelayedCopy(
  { client, queueUrl, maxPostponements = DEFAULT_MAX_POSTPONEMENTS }: WorkerQueue,
  record: SqsRecord,
  retryAfterMs?: number,
): Promise<void> {
  const postponed = postponedBefore(record);
  if (postponed >= maxPostponements) {
    throw new FanfoldError('PostponedTooOften', `the message was postponed ${postponed} times`);
  }
  const { SendMessageCommand } = await loadSQS();
  const attributes = Object.entries(record.messageAttributes ?? {}).filter(
    ([name]) => name !== COUNT_ATTRIBUTE,
  );
  if (attributes.length < MAX_ATTRIBUTES) {
    attributes.push([COUNT_ATTRIBUTE, { dataType: 'Number', stringValue: String(postponed + 1) }]);
  }
  const { MessageGroupId, AWSTraceHeader } = record.attributes ?? {};
  await expectClient('queue.client', client, 'SQS').send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: record.body,
      DelaySeconds: delaySeconds(postponed, retryAfterMs),
      MessageAttributes: Object.fromEntries(attributes.map(([name, a]) => [name, toAttributeValue(a)])),
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
export async function shortenVisibility(
  { client, queueUrl }: WorkerQueue,
  record: SqsRecord,
  retryAfterMs?: number,
): Promise<void> {
  const { ChangeMessageVisibilityCommand } = await loadSQS();
  await expectClient('queue.client', client, 'SQS').send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: delaySeconds(0, retryAfterMs),
    }),
  );
}
