import { invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import type { ErrorInfo, ItemOutcome, Outcome, OutcomeCounts } from './outcome.js';

/** What Lambda expects of an SQS handler under `ReportBatchItemFailures`. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Shapes outcomes into the partial batch response: one entry for each message that did not succeed, none twice.
 * Needs `FunctionResponseTypes: [ReportBatchItemFailures]` on the event source mapping; without it Lambda deletes
 * the failed messages.
 *
 * @throws FanfoldError `MessageIdMissing` where a failed outcome has no message id: an empty `itemIdentifier` says
 * nothing about which message failed, so let the handler throw and the whole batch come back.
 * @example
 * ```ts
 * return toBatchItemFailures(outcomes.map((outcome, i) => ({ ...outcome, messageId: event.Records[i].messageId })));
 * ```
 */
export function toBatchItemFailures(
  outcomes: readonly (Outcome<unknown> & { readonly messageId: string })[],
): BatchResponse {
  const failed = new Set<string>();
  for (const { status, messageId } of outcomes) {
    if (status === 'succeeded') continue;
    if (typeof messageId !== 'string' || messageId === '') {
      throw new FanfoldError('MessageIdMissing', 'messageId: expected the id of each message that failed', {
        retryable: true,
      });
    }
    failed.add(messageId);
  }
  return { batchItemFailures: Array.from(failed, (itemIdentifier) => ({ itemIdentifier })) };
}

/** Successes by value, failures with their input and reason: nothing of a partial failure is lost. */
export interface PartialResponse<I, T, K extends string> {
  readonly successes: readonly T[];
  readonly failures: readonly ({ readonly [name in K]: I } & { readonly error: ErrorInfo })[];
}

/**
 * Shapes outcomes into `{ successes, failures }`, where each failure carries its input under the name `key`. An
 * `undefined` result is a success like any other.
 *
 * @throws FanfoldError `InvalidArgument` for a `key` that is empty or `error`.
 * @example
 * ```ts
 * toResponse(outcomes, { key: 'sourceIdentifier' }); // { successes: […], failures: [{ sourceIdentifier, error }] }
 * ```
 */
export function toResponse<I, T, K extends string>(
  outcomes: readonly ItemOutcome<I, T>[],
  { key }: { readonly key: K },
): PartialResponse<I, T, K> {
  if (typeof key !== 'string' || key === '' || key === 'error')
    throw invalidArgument('key', 'a name other than "error"', key);
  const successes: T[] = [];
  const failures: ({ readonly [name in K]: I } & { readonly error: ErrorInfo })[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'succeeded') successes.push(outcome.value);
    // Built by entries, so that a key such as "__proto__" is a property like any other.
    else
      failures.push(
        Object.fromEntries([
          [key, outcome.input],
          ['error', outcome.error],
        ]) as (typeof failures)[number],
      );
  }
  return { successes, failures };
}

/** Some items did not succeed. `result` is what was given, so that neither successes nor reasons are lost. */
export class PartialFailureError<R> extends FanfoldError {
  override readonly name = 'PartialFailureError';
  readonly result: R;

  constructor(message: string, result: R) {
    super('PartialFailure', message, { retryable: true });
    this.result = result;
  }
}

/**
 * Throws where a result of `fanOut` or `publishMessages` holds anything but successes, and returns it otherwise.
 *
 * @throws FanfoldError `PartialFailure`, with the whole result as `result`.
 * @example
 * ```ts
 * throwIfFailed(await publishMessages(queue, messages));
 * ```
 */
export function throwIfFailed<R extends { readonly counts: Partial<OutcomeCounts> }>(result: R): R {
  const { expected = 0, failed = 0, timedOut = 0, cancelled = 0, notStarted = 0 } = result.counts;
  const bad = failed + timedOut + cancelled + notStarted;
  if (bad === 0) return result;
  throw new PartialFailureError(`${bad} of ${expected} items did not succeed`, result);
}
