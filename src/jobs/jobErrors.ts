import type { ErrorInfo } from '../aggregation/outcome.js';
import { FanfoldError } from '../errors.js';

/** Another worker has the job. `retryAfterMs` is how long its lease lasts if it never gives another sign of life. */
export class JobBusyError extends FanfoldError {
  override readonly name = 'JobBusyError';
  readonly retryAfterMs: number;

  constructor(id: string, retryAfterMs: number) {
    super('JobBusy', `job ${JSON.stringify(id)} is in progress elsewhere`, { retryable: true });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The job is not this claim's any more. Retryable: whoever asks again gets what the new owner made of it. */
export function jobLeaseLost(id: string, cause?: unknown): FanfoldError {
  const message = `job ${JSON.stringify(id)} is not held by this claim any more`;
  return new FanfoldError('JobLeaseLost', message, {
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The job has failed for good, and its record does not know: it will be worked on again. Retryable, whatever `cause` says. */
export function failureNotRecorded(id: string, cause: unknown): FanfoldError {
  const message = `the failure of job ${JSON.stringify(id)} could not be recorded; it will be worked on again`;
  return new FanfoldError('FailureNotRecorded', message, { retryable: true, cause });
}

/** The job had failed before; `cause` is the error that was recorded. */
export function jobFailed(id: string, error: ErrorInfo): FanfoldError {
  const message = `job ${JSON.stringify(id)} failed before: ${error.message}`;
  return new FanfoldError('JobFailed', message, { cause: error });
}

export function jobNotFound(id: string): FanfoldError {
  return new FanfoldError('JobNotFound', `job ${JSON.stringify(id)} does not exist or has expired`);
}
