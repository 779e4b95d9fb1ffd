import type { SFNClient } from '@aws-sdk/client-sfn';
import { expectSignal, invalidArgument } from '../arguments.js';
import { type AwsClient, expectClient, loadSFN } from '../peers.js';
import { toStepFunctionsJson } from '../stepFunctionsJson.js';
import { expectTaskToken, withoutTaskToken } from './taskToken.js';

const MAX_ERROR_LENGTH = 256;
const MAX_CAUSE_LENGTH = 32_768;

export interface TaskTarget {
  /** An `SFNClient`. */
  readonly client: AwsClient;
}

export interface TaskOptions {
  /** Aborts the call; it may have been applied by then. */
  readonly signal?: AbortSignal;
}

/** Why a task failed, as Retry and Catch of the state see it. */
export interface TaskFailure {
  /** The name that `ErrorEquals` matches, of at most 256 characters. @default none */
  readonly error?: string;
  /** At most 32,768 characters. @default none */
  readonly cause?: string;
}

/**
 * What Step Functions said. `expired`: the task is over, because its time or its execution ended, or because it was
 * completed before: after a lost reply that may have been this very call. There is no use in trying again.
 */
export type TaskAnswer =
  | { readonly status: 'accepted' }
  | { readonly status: 'expired'; readonly code: 'TaskTimedOut' | 'TaskDoesNotExist' };

async function tell(
  { client }: TaskTarget,
  taskToken: string,
  { signal }: TaskOptions,
  send: (sfn: SFNClient, options: { abortSignal?: AbortSignal }) => Promise<unknown>,
): Promise<TaskAnswer> {
  expectTaskToken(taskToken);
  expectSignal('signal', signal);
  const sfn = expectClient('client', client, 'SFN');
  try {
    await send(sfn, signal === undefined ? {} : { abortSignal: signal });
    return { status: 'accepted' };
  } catch (error) {
    const { name } = Object(error) as { name?: unknown };
    if (name === 'TaskTimedOut' || name === 'TaskDoesNotExist') return { status: 'expired', code: name };
    throw withoutTaskToken(error, taskToken);
  }
}

/**
 * Completes a Step Functions task that waits for its token (`.waitForTaskToken`, or an activity).
 *
 * It takes effect once, however often it is called: the task's first completion or failure stands, and later calls
 * answer `expired`. The token and the output are in no error.
 *
 * AWS calls: `SendTaskSuccess`; IAM `states:SendTaskSuccess` on `*` or the state machine.
 *
 * @param output a JSON value of at most 256 KiB: the result of the state.
 * @throws FanfoldError `InvalidArgument` before any call · `MissingPeer`. What Step Functions throws (`InvalidToken`,
 * throttling) passes as it is.
 * @example
 * ```ts
 * const { status } = await completeTask({ client: sfn }, taskToken, { tickers: 46 });
 * if (status === 'expired') metrics.add('lateCompletion', 1);
 * ```
 */
export async function completeTask(
  target: TaskTarget,
  taskToken: string,
  output: unknown,
  options: TaskOptions = {},
): Promise<TaskAnswer> {
  const json = toStepFunctionsJson('output', output);
  return tell(target, taskToken, options, async (sfn, sendOptions) => {
    const { SendTaskSuccessCommand } = await loadSFN();
    return sfn.send(new SendTaskSuccessCommand({ taskToken, output: json }), sendOptions);
  });
}

function expectText(field: string, value: unknown, max: number): void {
  if (value === undefined || (typeof value === 'string' && value.length <= max)) return;
  throw invalidArgument(field, `a string of at most ${max} characters`, value);
}

/**
 * Fails a Step Functions task that waits for its token; the state's Retry and Catch see `error` and `cause`. Otherwise
 * as {@link completeTask}.
 *
 * AWS calls: `SendTaskFailure`; IAM `states:SendTaskFailure` on `*` or the state machine.
 *
 * @throws FanfoldError `InvalidArgument` before any call, also for an `error` over 256 or a `cause` over 32,768
 * characters · `MissingPeer`. What Step Functions throws passes as it is.
 * @example
 * ```ts
 * await failTask({ client: sfn }, taskToken, { error: 'NoSuchTicker', cause: 'ticker ACME is not listed' });
 * ```
 */
export async function failTask(
  target: TaskTarget,
  taskToken: string,
  { error, cause }: TaskFailure,
  options: TaskOptions = {},
): Promise<TaskAnswer> {
  expectText('error', error, MAX_ERROR_LENGTH);
  expectText('cause', cause, MAX_CAUSE_LENGTH);
  return tell(target, taskToken, options, async (sfn, sendOptions) => {
    const { SendTaskFailureCommand } = await loadSFN();
    return sfn.send(new SendTaskFailureCommand({ taskToken, error, cause }), sendOptions);
  });
}

/**
 * Tells Step Functions that a task which waits for its token is still being worked on, so that the state's
 * `HeartbeatSeconds` begin anew; its `TimeoutSeconds` do not. `expired` means: stop working on it.
 *
 * AWS calls: `SendTaskHeartbeat`; IAM `states:SendTaskHeartbeat` on `*` or the state machine.
 *
 * @throws FanfoldError `InvalidArgument` before any call · `MissingPeer`. What Step Functions throws passes as it is.
 * @example
 * ```ts
 * const { status } = await heartbeatTask({ client: sfn }, taskToken);
 * ```
 */
export async function heartbeatTask(
  target: TaskTarget,
  taskToken: string,
  options: TaskOptions = {},
): Promise<TaskAnswer> {
  return tell(target, taskToken, options, async (sfn, sendOptions) => {
    const { SendTaskHeartbeatCommand } = await loadSFN();
    return sfn.send(new SendTaskHeartbeatCommand({ taskToken }), sendOptions);
  });
}
