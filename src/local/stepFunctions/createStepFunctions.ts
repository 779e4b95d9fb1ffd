import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { expectNumber, invalidArgument } from '../../arguments.js';
import { FanfoldError, isFanfoldError } from '../../errors.js';
import { asObject } from '../asObject.js';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../clientConfig.js';
import type { LambdaRunner } from '../lambdaRunner.js';
import { checkName, requiredString } from './checks.js';
import { type AslObject, type Engine, loadEngine } from './engine.js';
import { createExecutions } from './executions.js';
import { createIntegrations } from './integrations.js';
import { createOperations, findStateMachine, type Operations } from './operations.js';
import { prepareDefinition } from './prepareDefinition.js';
import { readDefinition, type Substitutions } from './readDefinition.js';
import { createRecords, type PublishedNotification, type PutEvent, type PutEvents } from './records.js';
import { refuseUnsupported } from './refuseUnsupported.js';
import type { StateMachine } from './runExecution.js';
import { createJobRunner, type LocalJob } from './runJob.js';
import { createStartNested } from './startNested.js';
import { createTaskTokens } from './taskTokens.js';

export interface StateMachineOptions {
  /** What each `${Name}` in the definition stands for. @default nothing */
  readonly substitutions?: Substitutions;
  /**
   * How long a second that the definition names lasts, in ms: timeouts, heartbeats, waits and pauses before a retry
   * (not those read from the input). @default 1_000
   */
  readonly secondMs?: number;
}

/** Step Functions on loopback: Standard workflows, JSONPath. Clients start and watch executions. */
export interface StepFunctions {
  /**
   * Registers a state machine, from an object or a `*.asl.json` file, and resolves to its ARN; the same name again
   * replaces it for executions to come. It is validated, and what the engine cannot run is refused.
   *
   * @throws FanfoldError `InvalidArgument` · `MissingPeer` for `aws-local-stepfunctions`
   */
  register(
    name: string,
    definition: AslObject | string | URL,
    options?: StateMachineOptions,
  ): Promise<string>;
  /** Registers what `glue:startJobRun` runs under this name: the run succeeds when it resolves, and fails when it throws. */
  registerJob(name: string, job: LocalJob): void;
  /** What state machines gave to `events:putEvents`, oldest first. */
  readonly events: readonly PutEvent[];
  /** What state machines gave to `sns:publish`, oldest first. */
  readonly notifications: readonly PublishedNotification[];
}

/** With what only {@link startLocal} needs. */
export interface InternalStepFunctions extends StepFunctions {
  readonly operations: Operations;
  stop(): void;
}

export interface StepFunctionsParts {
  readonly runner: LambdaRunner;
  /** EventBridge's, with each `Detail` as text. */
  readonly putEvents: PutEvents;
  readonly dynamodb: () => Promise<DynamoDBClient>;
  readonly sqs: () => Promise<SQSClient>;
  readonly now: () => number;
}

const STATE_MACHINES = `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stateMachine`;

function checkDefinition(text: string): AslObject {
  try {
    return asObject(JSON.parse(text));
  } catch (cause) {
    throw new FanfoldError('InvalidDefinition', 'the definition is not JSON', { cause });
  }
}

function expectStateMachineName(name: unknown): void {
  try {
    if (typeof name === 'string' && checkName({ name }) !== undefined) return;
  } catch (error) {
    if (!isFanfoldError(error)) throw error;
  }
  throw invalidArgument('name', 'a name of 1 to 80 characters that AWS allows', name);
}

function createMachine({ StateMachine }: Engine, given: AslObject, prepared: AslObject) {
  try {
    // Only for the validation that comes with it, which adds fields to what it is given.
    new StateMachine(structuredClone(given));
  } catch (error) {
    const { message } = error as Error;
    throw invalidArgument('definition', `a valid state machine (${message})`, given);
  }
  return new StateMachine(prepared, { validationOptions: { noValidate: true } });
}

/** Assembles it; the engine is loaded when the first state machine is registered. */
export function createStepFunctions(parts: StepFunctionsParts): InternalStepFunctions {
  const { runner, now, dynamodb, sqs } = parts;
  const stateMachines = new Map<string, StateMachine>();
  const tokens = createTaskTokens();
  const records = createRecords(parts.putEvents);
  const jobs = createJobRunner(now);
  const startNested = createStartNested((arn, name, input) =>
    executions.start(findStateMachine(stateMachines, arn), name, input),
  );
  const call = createIntegrations({ runner, dynamodb, sqs, records, startNested, runJob: jobs.run });
  const executions = createExecutions({ tokens, call, now });
  let engine: Promise<Engine> | undefined;

  const register: StepFunctions['register'] = async (
    name,
    definition,
    { substitutions, secondMs = 1_000 } = {},
  ) => {
    expectStateMachineName(name);
    expectNumber('secondMs', secondMs, 1);
    const given = await readDefinition(definition, substitutions);
    engine ??= loadEngine();
    const loaded = await engine;
    refuseUnsupported(given);
    const prepared = prepareDefinition(given, secondMs);
    const machine = createMachine(loaded, given, prepared.definition);
    const arn = `${STATE_MACHINES}:${name}`;
    stateMachines.set(arn, { name, arn, definition: JSON.stringify(given), prepared, machine });
    return arn;
  };

  /** For suites that run against other implementations too: what is not valid here is an `InvalidDefinition` there. */
  async function CreateStateMachine(request: AslObject): Promise<unknown> {
    const name = checkName(request) ?? '';
    const definition = checkDefinition(requiredString(request, 'definition', 1_048_576));
    const existing = stateMachines.get(`${STATE_MACHINES}:${name}`);
    if (existing !== undefined && existing.definition !== JSON.stringify(definition)) {
      throw new FanfoldError('StateMachineAlreadyExists', `State Machine Already Exists: '${existing.arn}'`);
    }
    const stateMachineArn = await register(name, definition).catch((error: Error) => {
      throw new FanfoldError('InvalidDefinition', error.message, { cause: error });
    });
    return { stateMachineArn, creationDate: now() / 1_000 };
  }

  return {
    events: records.events,
    notifications: records.notifications,
    registerJob: jobs.register,
    register,
    operations: { ...createOperations({ stateMachines, executions, tokens }), CreateStateMachine },
    stop: executions.stop,
  };
}
