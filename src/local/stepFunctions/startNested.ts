import { isFanfoldError } from '../../errors.js';
import type { Pattern } from './resource.js';
import type { Execution } from './runExecution.js';
import { taskError } from './taskError.js';

export type StartNested = (
  input: Readonly<Record<string, unknown>>,
  pattern: Pattern,
  signal: AbortSignal,
) => Promise<unknown>;

function describe(execution: Execution, pattern: Pattern) {
  const { arn, name, stateMachine, input, status, startedAt, stoppedAt, output, error, cause } = execution;
  const parse = (text: string): unknown => (pattern === 'sync:2' ? JSON.parse(text) : text);
  return {
    ExecutionArn: arn,
    Name: name,
    StateMachineArn: stateMachine.arn,
    Status: status,
    StartDate: startedAt,
    StopDate: stoppedAt,
    Input: parse(input),
    ...(output === undefined ? {} : { Output: parse(output) }),
    ...(error === undefined ? {} : { Error: error }),
    ...(cause === undefined ? {} : { Cause: cause }),
  };
}

/** `states:startExecution`: a child that is waited for is stopped with its parent. */
export function createStartNested(
  start: (stateMachineArn: string, name: string | undefined, input: string) => Execution,
): StartNested {
  return async ({ StateMachineArn, Name, Input = {} }, pattern, signal) => {
    const text = typeof Input === 'string' ? Input : JSON.stringify(Input);
    let child: Execution;
    try {
      child = start(String(StateMachineArn), Name === undefined ? undefined : String(Name), text);
    } catch (error) {
      if (!isFanfoldError(error)) throw error;
      throw taskError(`StepFunctions.${error.code}Exception`, error.message);
    }
    if (!pattern.startsWith('sync')) return { ExecutionArn: child.arn, StartDate: child.startedAt };
    const stop = () => child.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    await child.ended;
    signal.removeEventListener('abort', stop);
    const description = describe(child, pattern);
    if (child.status === 'SUCCEEDED') return description;
    throw taskError('States.TaskFailed', JSON.stringify(description));
  };
}
