import { randomUUID } from 'node:crypto';
import { FanfoldError } from '../../errors.js';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../clientConfig.js';
import type { CallResource } from './executionTasks.js';
import { type Execution, runExecution, type StateMachine } from './runExecution.js';
import type { TaskTokens } from './taskTokens.js';

/** The executions of all state machines. */
export interface Executions {
  /**
   * Starts an execution, or gives back the one that runs already under the same name with the same input.
   *
   * @throws FanfoldError `ExecutionAlreadyExists` for a name that is closed, or open with another input.
   */
  start(stateMachine: StateMachine, name: string | undefined, input: string): Execution;
  /** @throws FanfoldError `ExecutionDoesNotExist` */
  find(arn: string): Execution;
  /** Those of one state machine, the newest first. */
  list(stateMachineArn: string): readonly Execution[];
  /** Aborts all that run; none starts any more. */
  stop(): void;
}

export interface ExecutionsParts {
  readonly tokens: TaskTokens;
  readonly call: CallResource;
  readonly now: () => number;
}

/** AWS compares the text of the input, not what it means. */
function expectSame(existing: Execution, input: string): void {
  if (existing.status === 'RUNNING' && existing.input === input) return;
  throw new FanfoldError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
}

export function createExecutions({ tokens, call, now }: ExecutionsParts): Executions {
  const executions = new Map<string, Execution>();
  let stopped = false;

  return {
    start(stateMachine, name = randomUUID(), input) {
      if (stopped) throw new FanfoldError('AlreadyStopped', 'these local servers have been stopped');
      const arn = `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:execution:${stateMachine.name}:${name}`;
      const existing = executions.get(arn);
      if (existing) {
        expectSame(existing, input);
        return existing;
      }
      const execution = runExecution({ stateMachine, arn, name, input, tokens, call, now });
      executions.set(arn, execution);
      return execution;
    },
    find(arn) {
      const found = executions.get(arn);
      if (found) return found;
      throw new FanfoldError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    },
    list: (stateMachineArn) =>
      [...executions.values()].filter(({ stateMachine }) => stateMachine.arn === stateMachineArn).reverse(),
    stop() {
      stopped = true;
      for (const execution of executions.values()) execution.stop();
    },
  };
}
