import { FanfoldError } from '../../errors.js';
import { checkJson, checkName, optionalString, page, requiredString } from './checks.js';
import type { Executions } from './executions.js';
import { detailsField } from './historyEvents.js';
import { MAX_DATA_BYTES } from './limits.js';
import type { Execution, HistoryEvent, StateMachine } from './runExecution.js';
import type { TaskTokens } from './taskTokens.js';

type Request = Readonly<Record<string, unknown>>;
/** The operations of Step Functions that are served, by AWS's names: a request's JSON in, a reply's out. */
export type Operations = Readonly<Record<string, (request: Request) => unknown>>;

export interface OperationsParts {
  readonly stateMachines: ReadonlyMap<string, StateMachine>;
  readonly executions: Executions;
  readonly tokens: TaskTokens;
}

/** The wire counts time in seconds. */
const seconds = (ms: number) => ms / 1_000;

function arnOf(request: Request, field: string, kind: string): string {
  const arn = requiredString(request, field, 256);
  if (!new RegExp(`^arn:[\\w-]+:states:[^:]*:[^:]*:${kind}:.+`).test(arn)) {
    throw new FanfoldError('InvalidArn', `Invalid Arn: '${arn}'`);
  }
  return arn;
}

/** The state machine of an ARN. @throws FanfoldError `StateMachineDoesNotExist` */
export function findStateMachine(
  stateMachines: ReadonlyMap<string, StateMachine>,
  arn: string,
): StateMachine {
  const found = stateMachines.get(arn);
  if (found) return found;
  throw new FanfoldError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

function summary({ arn, name, stateMachine, status, startedAt, stoppedAt }: Execution) {
  const stopDate = stoppedAt === undefined ? {} : { stopDate: seconds(stoppedAt) };
  const base = { executionArn: arn, stateMachineArn: stateMachine.arn, name, status };
  return { ...base, startDate: seconds(startedAt), ...stopDate, redriveCount: 0 };
}

function description(execution: Execution) {
  const { input, output, error, cause } = execution;
  const details = { included: true };
  return {
    ...summary(execution),
    input,
    inputDetails: details,
    ...(output === undefined ? {} : { output, outputDetails: details }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function historyEvent({ id, type, timestamp, details }: HistoryEvent) {
  const shown = Object.entries(details ?? {}).map(([key, value]) => {
    const text = (key === 'input' || key === 'output') && typeof value !== 'string';
    return [key, text ? JSON.stringify(value) : value] as const;
  });
  const base = { id, type, timestamp: seconds(timestamp), previousEventId: id - 1 };
  return details === undefined ? base : { ...base, [detailsField(type)]: Object.fromEntries(shown) };
}

export function createOperations({ stateMachines, executions, tokens }: OperationsParts): Operations {
  const execution = (request: Request) => executions.find(arnOf(request, 'executionArn', 'execution'));
  const stateMachine = (request: Request) =>
    findStateMachine(stateMachines, arnOf(request, 'stateMachineArn', 'stateMachine'));
  const taskToken = (request: Request) => requiredString(request, 'taskToken', 2_048);

  return {
    StartExecution(request) {
      const found = stateMachine(request);
      const name = checkName(request);
      const input = optionalString(request, 'input', MAX_DATA_BYTES) ?? '{}';
      checkJson(input, 'input', 'InvalidExecutionInput');
      const { arn, startedAt } = executions.start(found, name, input);
      return { executionArn: arn, startDate: seconds(startedAt) };
    },
    DescribeExecution: (request) => description(execution(request)),
    StopExecution(request) {
      const found = execution(request);
      const error = optionalString(request, 'error', 256);
      found.stop(error, optionalString(request, 'cause', 32_768));
      return { stopDate: seconds(found.stoppedAt ?? found.startedAt) };
    },
    GetExecutionHistory(request) {
      const { events } = execution(request);
      const ordered = request.reverseOrder === true ? events.toReversed() : events;
      const { items, ...more } = page(request, ordered);
      return { events: items.map(historyEvent), ...more };
    },
    ListExecutions(request) {
      const { arn } = stateMachine(request);
      const listed = executions
        .list(arn)
        .filter(({ status }) => request.statusFilter === undefined || status === request.statusFilter);
      const { items, ...more } = page(request, listed);
      return { executions: items.map(summary), ...more };
    },
    SendTaskSuccess(request) {
      const token = taskToken(request);
      const output = requiredString(request, 'output', MAX_DATA_BYTES);
      tokens.succeed(token, checkJson(output, 'output', 'InvalidOutput'));
      return {};
    },
    SendTaskFailure(request) {
      const error = optionalString(request, 'error', 256);
      tokens.fail(taskToken(request), error, optionalString(request, 'cause', 32_768));
      return {};
    },
    SendTaskHeartbeat(request) {
      tokens.heartbeat(taskToken(request));
      return {};
    },
  };
}
