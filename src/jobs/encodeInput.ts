import { FanfoldError } from '../errors.js';
import { encodeValue } from './encodeValue.js';

/** The largest input, in UTF-8 bytes of its text: every heartbeat pays for it. */
const MAX_INPUT_BYTES = 128 * 1_024;

/** An input as text. @throws FanfoldError `InvalidArgument` for one that cannot be stored, or is too large. */
export function encodeInput(input: unknown): string {
  let text: string;
  try {
    text = encodeValue('input', input);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new FanfoldError('InvalidArgument', `input: expected a value that can be stored, got ${why}`, {
      cause,
    });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_INPUT_BYTES) return text;
  const message = `input: expected at most ${MAX_INPUT_BYTES} bytes of JSON, got ${bytes}`;
  throw new FanfoldError('InvalidArgument', message);
}
