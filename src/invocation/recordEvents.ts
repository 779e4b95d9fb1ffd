import { isJsonObject, ownField } from './ownField.js';

/** A message as Lambda's event source mapping for SQS delivers it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
    readonly MessageGroupId?: string | undefined;
    readonly MessageDeduplicationId?: string | undefined;
    readonly SequenceNumber?: string | undefined;
    readonly AWSTraceHeader?: string | undefined;
    readonly DeadLetterQueueSourceArn?: string | undefined;
  };
  readonly messageAttributes: { readonly [name: string]: SqsMessageAttribute };
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string;
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface SqsMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  /** Base64. */
  readonly binaryValue?: string | undefined;
}

export interface SnsRecord {
  readonly EventSource: string;
  readonly EventVersion: string;
  readonly EventSubscriptionArn: string;
  readonly Sns: {
    readonly Type: string;
    readonly MessageId: string;
    readonly TopicArn: string;
    readonly Subject?: string | null;
    readonly Message: string;
    readonly Timestamp: string;
    readonly MessageAttributes: {
      readonly [name: string]: { readonly Type: string; readonly Value: string };
    };
  };
}

export interface S3Record {
  readonly eventSource: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly awsRegion: string;
  readonly s3: {
    readonly bucket: { readonly name: string; readonly arn: string };
    /** The key is URL-encoded, with `+` for a space. */
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string | undefined;
      readonly sequencer: string;
    };
  };
}

export interface DynamoStreamRecord {
  readonly eventSource?: string | undefined;
  readonly eventSourceARN?: string | undefined;
  readonly eventID?: string | undefined;
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE' | undefined;
  /** Images are in DynamoDB's own JSON (`{ "S": "…" }`). */
  readonly dynamodb: {
    readonly Keys?: { readonly [name: string]: unknown } | undefined;
    readonly NewImage?: { readonly [name: string]: unknown } | undefined;
    readonly OldImage?: { readonly [name: string]: unknown } | undefined;
    readonly SequenceNumber?: string | undefined;
  };
}

export interface KinesisRecord {
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly eventID: string;
  readonly kinesis: {
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64. */
    readonly data: string;
    readonly approximateArrivalTimestamp: number;
  };
}

/** The events whose items stand in `Records`. */
export type RecordInvocation =
  | { readonly mode: 'sqs'; readonly records: readonly SqsRecord[] }
  | { readonly mode: 'sns'; readonly records: readonly SnsRecord[] }
  | { readonly mode: 's3'; readonly records: readonly S3Record[] }
  | { readonly mode: 'dynamodb-stream'; readonly records: readonly DynamoStreamRecord[] }
  | { readonly mode: 'kinesis'; readonly records: readonly KinesisRecord[] };

/** What a record of each source must carry to be believed; an SQS record is known by its source alone. */
const sources: ReadonlyMap<unknown, { readonly mode: RecordInvocation['mode']; readonly carries?: string }> =
  new Map([
    ['aws:sqs', { mode: 'sqs' }],
    ['aws:sns', { mode: 'sns', carries: 'Sns' }],
    ['aws:s3', { mode: 's3', carries: 's3' }],
    ['aws:dynamodb', { mode: 'dynamodb-stream', carries: 'dynamodb' }],
    ['aws:kinesis', { mode: 'kinesis', carries: 'kinesis' }],
  ]);

function sourceOf(record: unknown): unknown {
  if (!isJsonObject(record)) return undefined;
  // SNS alone writes it with a capital.
  return ownField(record, 'eventSource') ?? ownField(record, 'EventSource');
}

/** `undefined` when `records` is empty, mixed, of an unknown source, or not an array. */
export function detectRecords(records: unknown): RecordInvocation | undefined {
  if (!Array.isArray(records)) return undefined;
  const first = sourceOf(records[0]);
  const source = sources.get(first);
  if (source === undefined) return undefined;
  const { mode, carries } = source;
  for (const record of records) {
    if (sourceOf(record) !== first) return undefined;
    if (carries !== undefined && !isJsonObject(ownField(record, carries))) return undefined;
  }
  return { mode, records } as RecordInvocation;
}
