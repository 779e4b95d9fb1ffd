import { invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { type ErrorInfo, type Outcome, outcomeStatuses, toErrorInfo } from './outcome.js';

/** The largest outcome that is stored inline, in UTF-8 bytes of its JSON. */
export const MAX_RESULT_BYTES = 256 * 1_024;

/** Refuses what is not an outcome. `field` names it in the error. */
export function expectOutcome(field: string, outcome: unknown): void {
  const { status, error } = (typeof outcome === 'object' && outcome !== null ? outcome : {}) as Record<
    string,
    unknown
  >;
  if (!outcomeStatuses.some((known) => known === status)) {
    throw invalidArgument(`${field}.status`, `one of ${outcomeStatuses.join(', ')}`, status);
  }
  if (status === 'succeeded') return;
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as Partial<
    Record<keyof ErrorInfo, unknown>
  >;
  if (typeof message !== 'string') throw invalidArgument(`${field}.error.message`, 'a string', message);
}

/**
 * An outcome as the JSON text that is stored: a value of `undefined` comes back as `undefined`, a Date as its ISO text.
 *
 * @throws FanfoldError `InvalidArgument` for a value that is not JSON (a BigInt, a cycle, a function) or too large.
 */
export function encodeOutcome(field: string, outcome: Outcome<unknown>): string {
  const storable =
    outcome.status === 'succeeded' ? outcome : { status: outcome.status, error: toErrorInfo(outcome.error) };
  let text: string;
  try {
    text = JSON.stringify(storable);
    const dropped =
      outcome.status === 'succeeded' && outcome.value !== undefined && !('value' in JSON.parse(text));
    if (dropped) throw new TypeError(`a ${typeof outcome.value} is not JSON`);
  } catch (cause) {
    throw new FanfoldError(
      'InvalidArgument',
      `${field}.value: expected JSON without cycles, BigInts and functions`,
      { cause },
    );
  }
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_RESULT_BYTES) return text;
  throw new FanfoldError(
    'InvalidArgument',
    `${field}: expected at most ${MAX_RESULT_BYTES} bytes of JSON, got ${bytes}`,
  );
}

/** The outcome behind a stored text; the type of its value is the caller's word, as with any stored data. */
export function decodeOutcome<R>(text: string): Outcome<R> {
  const outcome = JSON.parse(text) as Outcome<R>;
  return outcome.status === 'succeeded' && !('value' in outcome)
    ? { status: 'succeeded', value: undefined as R }
    : outcome;
}
