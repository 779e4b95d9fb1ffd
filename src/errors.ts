/** Set on every error that fanfold throws; shared by the ESM and the CommonJS copy of the library. */
const brand = Symbol.for('fanfold.error');

/** What {@link FanfoldError} takes beside its code and message. */
export interface FanfoldErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Whether the same call can succeed later without a change. @default false */
  readonly retryable?: boolean;
}

/**
 * The base of every error that fanfold throws. Tell errors apart by `code`, never by class or text:
 * a service can load the ESM and the CommonJS build at once, and then holds two copies of each class.
 *
 * @example
 * ```ts
 * try {
 *   await fanIn.settle(id, entries);
 * } catch (error) {
 *   if (isFanfoldError(error) && error.retryable) return { batchItemFailures };
 *   throw error;
 * }
 * ```
 */
export class FanfoldError extends Error {
  override readonly name: string = 'FanfoldError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, { cause, retryable = false }: FanfoldErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `value` is an error of fanfold's, from whichever copy of the library; optionally one with this `code`. */
export function isFanfoldError(value: unknown, code?: string): value is FanfoldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    brand in value &&
    (code === undefined || ('code' in value && value.code === code))
  );
}

/**
 * Throw this from `process` when trying again cannot help: the worker then treats the failure as permanent
 * (see `onPermanentFailure`) instead of spending the message's remaining receives on it.
 *
 * @example
 * ```ts
 * if (response.status === 404) throw new NonRetryableError(`no such book: ${isbn}`);
 * ```
 */
export class NonRetryableError extends FanfoldError {
  override readonly name = 'NonRetryableError';

  constructor(message: string, { cause, code = 'NonRetryable' }: { cause?: unknown; code?: string } = {}) {
    super(code, message, { cause, retryable: false });
  }
}
