import { type ItemAddress, openEnvelope } from '../envelope.js';
import { FanfoldError } from '../errors.js';
import { isJsonObject, ownField } from './ownField.js';
import { readStepFunctionsMark, type StepFunctionsMark } from './stepFunctionsMark.js';

/** What came in one message or one direct call. */
export interface OpenedInput {
  readonly payload: unknown;
  /** The item that an envelope addressed. */
  readonly fanIn?: ItemAddress;
  readonly stepFunctions?: StepFunctionsMark;
}

/**
 * Takes the mark and the envelope off an input that is JSON already.
 *
 * @throws FanfoldError as `openEnvelope` does.
 */
export function openInput(value: unknown): OpenedInput {
  if (!isJsonObject(value)) return { payload: value };
  const isMarked = isJsonObject(ownField(value, 'stepFunctions'));
  if (!isMarked) return openEnvelope(value);
  // An envelope has a field named payload itself, so its mark stands beside the envelope's own fields.
  const { stepFunctions, payload } = readStepFunctionsMark(value);
  return stepFunctions === undefined ? openEnvelope(payload) : { ...openEnvelope(payload), stepFunctions };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes the text in its message, and payloads must not end up in logs.
    throw new FanfoldError('InvalidJson', 'body: expected JSON');
  }
}

/** The message inside an SNS notification (without raw message delivery), or `undefined` for any other body. */
function notifiedMessage(body: unknown): string | undefined {
  if (!isJsonObject(body) || ownField(body, 'Type') !== 'Notification') return undefined;
  const message = ownField(body, 'Message');
  const isNotification =
    typeof ownField(body, 'TopicArn') === 'string' && typeof ownField(body, 'MessageId') === 'string';
  return isNotification && typeof message === 'string' ? message : undefined;
}

/**
 * Reads the body of an SQS message: JSON, perhaps inside an SNS notification, perhaps with an envelope around it.
 *
 * @throws FanfoldError `InvalidJson`, permanent, and as `openEnvelope` does.
 */
export function openBody(body: unknown): OpenedInput {
  if (typeof body !== 'string') throw new FanfoldError('InvalidJson', 'body: expected JSON');
  const value = parse(body);
  const message = notifiedMessage(value);
  return openInput(message === undefined ? value : parse(message));
}
