import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

/** A message on its way to SQS. */
export interface OutgoingMessage {
  /** A string is sent as it is, anything else as its JSON; never empty. */
  readonly body: string | number | boolean | null | object;
  /** At most ten; a number becomes SQS's `Number`, bytes become `Binary`. */
  readonly attributes?: Readonly<Record<string, string | number | Uint8Array>> | undefined;
  /** For how long nobody receives it, in whole seconds up to 900; not on a FIFO queue. @default the queue's own */
  readonly delaySeconds?: number | undefined;
  /** The message group of a FIFO queue, where it is required; on a standard queue it makes a fair queue. */
  readonly groupId?: string | undefined;
  /** FIFO queues accept an id once in five minutes. @default the queue's content-based deduplication, or SQS refuses it */
  readonly deduplicationId?: string | undefined;
}

/** A message as a batch carries it, still without its id. */
export interface Entry {
  readonly fields: Omit<SendMessageBatchRequestEntry, 'Id'>;
  /** UTF-8 bytes of the body and of each attribute's name, type and value. */
  readonly bytes: number;
}

/** Why a message cannot be sent. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What the queue allows. */
export interface MessageLimits {
  readonly maxMessageBytes: number;
  readonly isFifo: boolean;
}

const refuse = (code: string, message: string): Refusal => ({ code, message });

// With the u flag a lone surrogate is a character of its own, outside of all of these ranges.
const ILLEGAL_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const FIFO_ID = /^[\x21-\x7e]{1,128}$/;

/** Why a text would be altered or refused by SQS, which takes the characters of XML only. */
function flawIn(field: string, text: string): Refusal | undefined {
  const found = ILLEGAL_CHARACTER.exec(text);
  if (found === null) return undefined;
  const codePoint = found[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return refuse('InvalidMessageContents', `${field}: U+${codePoint} at ${found.index} is not allowed by SQS`);
}

function toBody(body: unknown): string | Refusal {
  if (typeof body === 'string') return body;
  try {
    const json: unknown = JSON.stringify(body);
    return typeof json === 'string' ? json : refuse('InvalidMessage', 'body: expected JSON');
  } catch (error) {
    return refuse(
      'InvalidMessage',
      `body: expected JSON (${error instanceof Error ? error.name : 'it threw'})`,
    );
  }
}

type Attributes = NonNullable<SendMessageBatchRequestEntry['MessageAttributes']>;

function toAttributes(attributes: unknown): { value: Attributes; bytes: number } | Refusal {
  const value: Attributes = {};
  let bytes = 0;
  if (typeof attributes !== 'object' || attributes === null) {
    return refuse('InvalidMessage', 'attributes: expected an object');
  }
  const all: [string, unknown][] = Object.entries(attributes);
  if (all.length > 10) return refuse('InvalidParameterValue', `attributes: at most 10, got ${all.length}`);
  for (const [name, given] of all) {
    if (!ATTRIBUTE_NAME.test(name)) {
      return refuse(
        'InvalidParameterValue',
        `attributes: ${JSON.stringify(name.slice(0, 60))} is no legal name`,
      );
    }
    const field = `attributes.${name}`;
    if (given instanceof Uint8Array && given.byteLength > 0) {
      value[name] = { DataType: 'Binary', BinaryValue: given };
      bytes += name.length + 'Binary'.length + given.byteLength;
    } else if ((typeof given === 'string' && given !== '') || Number.isFinite(given)) {
      const flaw = flawIn(field, String(given));
      if (flaw !== undefined) return flaw;
      const type = typeof given === 'string' ? 'String' : 'Number';
      value[name] = { DataType: type, StringValue: String(given) };
      bytes += name.length + type.length + Buffer.byteLength(String(given));
    } else {
      return refuse(
        'InvalidParameterValue',
        `${field}: expected a non-empty string, a finite number or bytes`,
      );
    }
  }
  return { value, bytes };
}

function flawInParameters(message: OutgoingMessage, isFifo: boolean): Refusal | undefined {
  const { delaySeconds, groupId, deduplicationId } = message;
  if (delaySeconds !== undefined) {
    const isDelay = Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= 900;
    if (!isDelay) return refuse('InvalidParameterValue', 'delaySeconds: expected an integer from 0 to 900');
    if (isFifo) return refuse('InvalidParameterValue', 'delaySeconds: a FIFO queue delays as a whole only');
  }
  if (isFifo && groupId === undefined) return refuse('MissingParameter', 'groupId: a FIFO queue requires it');
  for (const [field, id] of Object.entries({ groupId, deduplicationId })) {
    if (id === undefined || (typeof id === 'string' && FIFO_ID.test(id))) continue;
    return refuse(
      'InvalidParameterValue',
      `${field}: expected 1 to 128 letters, digits or punctuation of ASCII`,
    );
  }
  if (isFifo || deduplicationId === undefined) return undefined;
  return refuse('InvalidParameterValue', 'deduplicationId: only a FIFO queue takes it');
}

/** Checks and measures a message before anything is sent: one bad entry can cost a whole call. Never throws. */
export function toEntry(message: OutgoingMessage, limits: MessageLimits): Entry | Refusal {
  try {
    if (typeof message !== 'object' || message === null) {
      return refuse('InvalidMessage', 'expected an object { body, … }');
    }
    const body = toBody(message.body);
    if (typeof body !== 'string') return body;
    if (body === '') return refuse('MissingParameter', 'body: SQS takes no empty message');
    const flaw = flawInParameters(message, limits.isFifo);
    if (flaw !== undefined) return flaw;
    const attributes = message.attributes === undefined ? undefined : toAttributes(message.attributes);
    if (attributes !== undefined && 'code' in attributes) return attributes;

    const bytes = Buffer.byteLength(body) + (attributes?.bytes ?? 0);
    if (bytes > limits.maxMessageBytes) {
      return refuse('MessageTooLong', `${bytes} bytes: at most ${limits.maxMessageBytes} are allowed`);
    }
    const { delaySeconds, groupId, deduplicationId } = message;
    return (
      flawIn('body', body) ?? {
        fields: {
          MessageBody: body,
          ...(attributes === undefined ? {} : { MessageAttributes: attributes.value }),
          ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
          ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
          ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
        },
        bytes,
      }
    );
  } catch {
    return refuse('InvalidMessage', 'it cannot be read: a property of it throws');
  }
}
