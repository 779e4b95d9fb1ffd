import { FanfoldError } from '../errors.js';

/** Lambda's limits, in bytes of JSON. */
export const MAX_SYNCHRONOUS_BYTES = 6 * 1_024 * 1_024;
export const MAX_ASYNCHRONOUS_BYTES = 1_024 * 1_024;

/**
 * The payload of an invocation as JSON; nothing at all becomes `{}`.
 *
 * @throws FanfoldError `RequestTooLargeException` over the limit · `InvalidRequestContentException` for what JSON cannot hold.
 */
export function toPayload(value: unknown, maxBytes: number): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value === undefined ? {} : value);
  } catch (cause) {
    throw new FanfoldError('InvalidRequestContentException', 'payload: expected what JSON can hold', {
      cause,
    });
  }
  if (text === undefined) {
    throw new FanfoldError('InvalidRequestContentException', 'payload: expected what JSON can hold');
  }
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  const message = `${bytes} byte payload is too large for the invocation (limit ${maxBytes} bytes)`;
  throw new FanfoldError('RequestTooLargeException', message);
}
