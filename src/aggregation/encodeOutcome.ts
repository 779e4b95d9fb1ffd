import { invalidArgument } from '../arguments.js';
import { toJson } from '../toJson.js';
import { type ErrorInfo, type Outcome, outcomeStatuses, toErrorInfo } from './outcome.js';

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
 * @throws FanfoldError `InvalidArgument` for a value that is not JSON: a BigInt, a cycle, a function.
 */
export function encodeOutcome(field: string, outcome: Outcome<unknown>): string {
  if (outcome.status !== 'succeeded') {
    return JSON.stringify({ status: outcome.status, error: toErrorInfo(outcome.error) });
  }
  const { status, value } = outcome;
  if (value === undefined) return JSON.stringify({ status });
  return `{"status":"${status}","value":${toJson(`${field}.value`, value)}}`;
}

/** The outcome behind a stored text; the type of its value is the caller's word, as with any stored data. */
export function decodeOutcome<R>(text: string): Outcome<R> {
  const outcome = JSON.parse(text) as Outcome<R>;
  return outcome.status === 'succeeded' && !('value' in outcome)
    ? { status: 'succeeded', value: undefined as R }
    : outcome;
}
