import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { LOCAL_REGION } from './clientConfig.js';

/** A message attribute as Lambda hands it over: the wire's fields in lower case, bytes in base64. */
export interface SqsRecordAttribute {
  dataType: string;
  stringValue?: string;
  binaryValue?: string;
  stringListValues: string[];
  binaryListValues: string[];
}

/** One record of an SQS event. */
export interface SqsRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, SqsRecordAttribute>;
  md5OfBody: string;
  md5OfMessageAttributes?: string;
  eventSource: 'aws:sqs';
  eventSourceARN: string;
  awsRegion: string;
}

function toAttribute(value: MessageAttributeValue): SqsRecordAttribute {
  const { DataType = 'String', StringValue, BinaryValue } = value;
  return {
    dataType: DataType,
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
  };
}

/** A received message in the shape of an event's record; `undefined` for one without id or handle, which SQS never sends. */
export function sqsRecord(message: Message, queueArn: string): SqsRecord | undefined {
  const { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes, MessageAttributes = {} } = message;
  if (MessageId === undefined || ReceiptHandle === undefined) return undefined;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body ?? '',
    attributes: { ...Attributes },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, toAttribute(value)]),
    ),
    md5OfBody: MD5OfBody ?? '',
    ...(message.MD5OfMessageAttributes ? { md5OfMessageAttributes: message.MD5OfMessageAttributes } : {}),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_REGION,
  };
}
