/** An error as the engine reads one: `name` is what Retry and Catch match, `message` the cause. */
export interface TaskError extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;
}

/** Fails a task with AWS's error name; a `final` one can be neither retried nor caught. */
export function taskError(name: string, cause = '', { final = false } = {}): TaskError {
  return Object.assign(new Error(cause), { name, isRetryable: !final, isCatchable: !final });
}

/** Names a service's error as Step Functions names it: `DynamoDB.ConditionalCheckFailedException`. */
export function serviceError(service: string, error: unknown): TaskError {
  const { name = 'Exception', message = '' } = error instanceof Error ? error : {};
  return taskError(`${service}.${name.endsWith('Exception') ? name : `${name}Exception`}`, message);
}
