import type { SqsMessageAttribute, SqsRecord } from '../invocation/index.js';

/** One message of a test event. */
export interface TestMessage {
  /** A string is sent as it is, anything else as its JSON. */
  readonly body: unknown;
  /** @default `message-` and the position */
  readonly messageId?: string;
  /** @default 1 */
  readonly receiveCount?: number;
  readonly groupId?: string;
  readonly attributes?: Readonly<Record<string, string | number | Uint8Array>>;
}

/** What {@link sqsEvent} takes beside the messages. */
export interface SqsEventOptions {
  /** The name of the queue; one that ends with `.fifo` is a FIFO queue. @default 'queue' */
  readonly queueName?: string;
}

function toAttribute(value: string | number | Uint8Array): SqsMessageAttribute {
  if (typeof value === 'string') return { dataType: 'String', stringValue: value };
  if (typeof value === 'number') return { dataType: 'Number', stringValue: String(value) };
  return { dataType: 'Binary', binaryValue: Buffer.from(value).toString('base64') };
}

/**
 * Builds the event that Lambda's event source mapping makes of SQS messages.
 *
 * @example
 * ```ts
 * await handler(sqsEvent([{ body: { isbn: '0439785960' } }]));
 * ```
 */
export function sqsEvent(
  messages: readonly TestMessage[],
  { queueName = 'queue' }: SqsEventOptions = {},
): { Records: SqsRecord[] } {
  return {
    Records: messages.map(({ body, messageId, receiveCount = 1, groupId, attributes = {} }, position) => ({
      messageId: messageId ?? `message-${position}`,
      receiptHandle: `receipt-${position}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: '1700000000000',
        SenderId: 'AIDAEXAMPLE',
        ApproximateFirstReceiveTimestamp: '1700000000001',
        ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
      },
      messageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, toAttribute(value)]),
      ),
      md5OfBody: '00000000000000000000000000000000',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:eu-west-1:000000000000:${queueName}`,
      awsRegion: 'eu-west-1',
    })),
  };
}
