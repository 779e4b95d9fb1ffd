import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { expectSignal, invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { type AwsClient, expectClient, loadSFN } from '../peers.js';
import { toStepFunctionsJson } from '../stepFunctionsJson.js';
import { executionName } from './executionName.js';

/** Where to start it. */
export interface ExecutionTarget {
  /** An `SFNClient`. */
  readonly client: AwsClient;
  /** A Standard state machine, a version or an alias of one; absent or blank, nothing is started. */
  readonly stateMachineArn: string | undefined;
}

/** What to start. */
export interface ExecutionRequest {
  /** Any id: {@link executionName} makes it legal. The same one is started once in 90 days. */
  readonly name: string;
  /** A JSON value of at most 256 KiB; a string is a JSON string. @default {} */
  readonly input?: unknown;
}

export interface StartExecutionOptions {
  /** Aborts the call; it may have been applied by then. */
  readonly signal?: AbortSignal;
}

/** What {@link startExecution} resolves with; `name` is the legal one. */
export type StartExecutionResult =
  | {
      /** It is running now, started by this call or by an identical earlier one: AWS answers both alike. */
      readonly status: 'started';
      readonly name: string;
      readonly executionArn: string;
    }
  | {
      /** An execution of this name has ended within 90 days; nothing was started. */
      readonly status: 'alreadyFinished';
      readonly name: string;
      readonly executionArn: string;
      readonly executionStatus: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly stopDate: Date | undefined;
      /** Whether it ran with this input; `undefined` where Step Functions does not show its input. */
      readonly sameInput: boolean | undefined;
    }
  | {
      readonly status: 'skipped';
      readonly name: string;
      readonly executionArn?: undefined;
      readonly reason: string;
    };

const ARN = /^(arn:[^:\s]+:states:[^:\s]*:[^:\s]*):stateMachine:([^:\s]+)(?::[^:\s]+)?$/;

/** The ARN of an execution by its name; a version or an alias is no part of it. */
function toExecutionArn(stateMachineArn: string, name: string): string {
  const [, account, stateMachine] = ARN.exec(stateMachineArn) ?? [];
  if (account !== undefined) return `${account}:execution:${stateMachine}:${name}`;
  throw invalidArgument('stateMachineArn', 'the ARN of a state machine', stateMachineArn);
}

function sameJson(text: string | undefined, input: string): boolean | undefined {
  if (text === undefined || text === input) return text === undefined ? undefined : true;
  try {
    // Step Functions may show the same JSON with other white space.
    return JSON.stringify(JSON.parse(text)) === input;
  } catch {
    return false;
  }
}

/** What stands under a name that cannot be started again. */
function readExisting(
  { status, stopDate, input: existing }: DescribeExecutionOutput,
  { name, executionArn, input }: { name: string; executionArn: string; input: string },
): StartExecutionResult {
  const sameInput = sameJson(existing, input);
  switch (status) {
    case 'SUCCEEDED':
    case 'FAILED':
    case 'TIMED_OUT':
    case 'ABORTED':
      return { status: 'alreadyFinished', name, executionArn, executionStatus: status, stopDate, sameInput };
  }
  // Refused and yet running with this input: it was redriven in between.
  if (sameInput) return { status: 'started', name, executionArn };
  const message = `name: execution ${JSON.stringify(name)} is running with another input; give another job another name, and the same job the same input`;
  throw new FanfoldError('ExecutionAlreadyExists', message);
}

/**
 * Starts a Step Functions execution once, however often it is called with the same name and input.
 *
 * Idempotent on **Standard** state machines only, and for 90 days after the execution has ended; an Express state
 * machine starts another execution with each call. A retry must send the same input: freeze timestamps with the job.
 * Without a state machine ARN nothing is called: the switch that rolls a new workflow back.
 *
 * AWS calls: `StartExecution`, and `DescribeExecution` where the name is taken; IAM `states:StartExecution` on the state
 * machine, `states:DescribeExecution` on its executions.
 *
 * @throws FanfoldError `InvalidArgument` before any call: no name, no ARN in that form, input that is not JSON or over 256
 * KiB · `ExecutionAlreadyExists` where an execution of this name runs with another input · `ExecutionNotVisible`,
 * retryable, where the name is taken but the execution cannot be found yet · `MissingPeer`. What Step Functions
 * throws passes as it is.
 * @example
 * ```ts
 * const { status } = await startExecution(
 *   { client: new SFNClient({}), stateMachineArn: process.env.STATE_MACHINE_ARN },
 *   { name: manifest.id, input: manifest },
 * );
 * ```
 */
export async function startExecution(
  { client, stateMachineArn }: ExecutionTarget,
  request: ExecutionRequest,
  { signal }: StartExecutionOptions = {},
): Promise<StartExecutionResult> {
  const name = executionName(request?.name);
  const input = toStepFunctionsJson('input', request.input === undefined ? {} : request.input);
  expectSignal('signal', signal);
  const isBlank = typeof stateMachineArn === 'string' && stateMachineArn.trim() === '';
  if (stateMachineArn === undefined || stateMachineArn === null || isBlank) {
    return { status: 'skipped', name, reason: 'no stateMachineArn is given' };
  }
  const expectedArn = toExecutionArn(stateMachineArn, name);
  const sfn = expectClient('client', client, 'SFN');
  const { StartExecutionCommand, DescribeExecutionCommand } = await loadSFN();
  const sendOptions = signal === undefined ? {} : { abortSignal: signal };
  try {
    const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }), sendOptions);
    return { status: 'started', name, executionArn: started.executionArn ?? expectedArn };
  } catch (error) {
    if ((error as { name?: unknown }).name !== 'ExecutionAlreadyExists') throw error;
  }
  try {
    const existing = await sfn.send(new DescribeExecutionCommand({ executionArn: expectedArn }), sendOptions);
    return readExisting(existing, { name, executionArn: existing.executionArn ?? expectedArn, input });
  } catch (cause) {
    if ((cause as { name?: unknown }).name !== 'ExecutionDoesNotExist') throw cause;
    const message = `name: execution ${JSON.stringify(name)} exists and cannot be found yet`;
    throw new FanfoldError('ExecutionNotVisible', message, { cause, retryable: true });
  }
}
