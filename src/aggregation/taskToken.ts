import { FanfoldError } from '../errors.js';
import { sha256 } from '../sha256.js';

const MAX_TASK_TOKEN_LENGTH = 2_048;
const FINGERPRINT_LENGTH = 16;

/** Refuses what Step Functions would not take as a task token. The token is a credential: no error shows it. */
export function expectTaskToken(taskToken: unknown): asserts taskToken is string {
  if (typeof taskToken === 'string' && taskToken !== '' && taskToken.length <= MAX_TASK_TOKEN_LENGTH) return;
  const message = `taskToken: expected a string of 1 to ${MAX_TASK_TOKEN_LENGTH} characters`;
  throw new FanfoldError('InvalidArgument', message);
}

/** Tells tokens apart where the token itself must not stand. */
export function taskTokenFingerprint(taskToken: string): string {
  return sha256(taskToken).slice(0, FINGERPRINT_LENGTH);
}

/** An error of Step Functions', or one in its place that says the same without the token. */
export function withoutTaskToken(thrown: unknown, taskToken: string): unknown {
  const { name, message } = Object(thrown) as { name?: unknown; message?: unknown };
  if (typeof message !== 'string' || !message.includes(taskToken)) return thrown;
  const code = typeof name === 'string' && name !== '' ? name : 'TaskTokenRefused';
  return new FanfoldError(code, message.replaceAll(taskToken, '(task token)'));
}
