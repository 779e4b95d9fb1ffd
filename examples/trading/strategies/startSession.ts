import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { type FanIn, fanOut, NonRetryableError, startExecution, throwIfFailed, toEnvelope } from 'fanfold';
import { type Session, type StrategyResult, tasksOf } from './session.js';

/** Starts a session on one of the two paths; answers with what it can be found by. */
export type StartSession = (session: Session, isShadow?: boolean) => Promise<string>;

/** Names a session, and its shadow, in every record: both paths of a session end in the same one. */
export const workflowIdOf = ({ correlation_id }: Pick<Session, 'correlation_id'>, isShadow = false) =>
  `${isShadow ? 'shadow' : 'session'}/${correlation_id}`;

/** What is wrong with the deployment, and not with this call. */
export const configurationError = (message: string) =>
  new NonRetryableError(message, { code: 'ConfigurationError' });

export interface InvokePathParts {
  readonly lambda: LambdaClient;
  readonly functionName: string;
  readonly fanIn: FanIn<StrategyResult>;
  /** How long a session may take. */
  readonly deadlineMs: number;
  readonly now: () => number;
}

/**
 * Opens a fan-in and invokes the strategies asynchronously. Called again, it goes on: the fan-in is the same, and a
 * strategy that is invoked twice counts once. IAM: `lambda:InvokeFunction`, the fan-in's `dynamodb:` actions.
 */
export function startByInvoke({
  lambda,
  functionName,
  fanIn,
  deadlineMs,
  now,
}: InvokePathParts): StartSession {
  return async (session, isShadow = false) => {
    const id = workflowIdOf(session, isShadow);
    const tasks = tasksOf(session);
    await fanIn.open(id, {
      total: tasks.length,
      deadlineAt: now() + deadlineMs,
      toleratedFailureCount: session.tolerated_failures,
      metadata: { session, is_shadow: isShadow },
    });
    const invoked = await fanOut(
      tasks,
      async (task, { index }) => {
        const Payload = JSON.stringify(toEnvelope(id, index, task));
        await lambda.send(
          new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }),
        );
      },
      { retry: { intervalSeconds: 0.2, maxAttempts: 3, jitterStrategy: 'FULL' } },
    );
    throwIfFailed(invoked);
    return id;
  };
}

export interface StepFunctionsPathParts {
  readonly sfn: SFNClient;
  readonly stateMachineArn: string | undefined;
}

/** Starts the state machine, once by name. IAM: `states:StartExecution`, `states:DescribeExecution`. */
export function startByStepFunctions({ sfn, stateMachineArn }: StepFunctionsPathParts): StartSession {
  return async (session, isShadow = false) => {
    const name = workflowIdOf(session, isShadow);
    const input = { session, is_shadow: isShadow, tasks: tasksOf(session) };
    const started = await startExecution({ client: sfn, stateMachineArn }, { name, input });
    if (started.status === 'skipped') throw configurationError(`USE_STEP_FUNCTIONS: ${started.reason}`);
    return started.executionArn;
  };
}
