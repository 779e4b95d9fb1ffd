import { asObject } from '../asObject.js';
import { MAX_DATA_BYTES } from './limits.js';
import type { PreparedDefinition, TaskPlan } from './prepareDefinition.js';
import type { Resource } from './resource.js';
import { taskError } from './taskError.js';
import type { TaskTokens } from './taskTokens.js';

/** Calls a resource with a task's input; the signal says that nobody waits any longer. */
export type CallResource = (resource: Resource, input: unknown, signal: AbortSignal) => Promise<unknown>;

/** The tasks of one execution. */
export interface ExecutionTasks {
  /** What `$$` is; the paths of a prepared definition lead into its `Task`. */
  readonly context: object;
  /** What the engine calls for each Task state. */
  readonly handlers: Readonly<Record<string, (input: unknown) => Promise<unknown>>>;
  /** A state's attempt has failed, or the state has been left: what `$$.State.RetryCount` counts. */
  attempt(state: string, how: 'failed' | 'left'): void;
  /** Ends the tasks in a Map or Parallel state that has failed; a Map that has failed starts no more of them. */
  cancel(group: string): void;
  /** Ends them all, for good. */
  stop(): void;
}

export interface ExecutionTasksParts {
  readonly prepared: PreparedDefinition;
  readonly tokens: TaskTokens;
  readonly call: CallResource;
  readonly execution: { readonly arn: string; readonly name: string; readonly input: unknown };
  readonly stateMachine: { readonly arn: string; readonly name: string };
  readonly startedAt: number;
  readonly now: () => number;
}

interface RunningTask {
  readonly group: string | undefined;
  readonly cancel: () => void;
}

/** Whether a value is more than a state may hand on. */
export const isOverLimit = (value: unknown): boolean =>
  Buffer.byteLength(JSON.stringify(value) ?? '') > MAX_DATA_BYTES;

export const overLimit = (name: string) =>
  taskError(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    { final: true },
  );

const cancellation = () => taskError('States.Runtime', 'cancelled', { final: true });

const milliseconds = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' ? seconds * 1_000 : undefined;

/** Defined on an object so that it is found by a path, and not seen otherwise. */
function hidden(properties: Readonly<Record<string, () => unknown>>): object {
  const descriptors = Object.entries(properties).map(([name, get]) => [name, { get }] as const);
  return Object.defineProperties({}, Object.fromEntries(descriptors));
}

export function createExecutionTasks(parts: ExecutionTasksParts): ExecutionTasks {
  const { prepared, tokens, call, execution, stateMachine, now } = parts;
  const running = new Set<RunningTask>();
  const failedMaps = new Set<string>();
  let stopped = false;
  /** Made when a task's parameters ask for it, taken by its handler in the same turn. */
  let issued: string | undefined;

  const maps = Object.fromEntries(
    [...prepared.mapConcurrency].map(([name, concurrency], index) => {
      const start = () => {
        failedMaps.delete(name);
        return concurrency;
      };
      return [String(index), start] as const;
    }),
  );
  const failures = new Map<string, number>();
  // Within a Map or a Parallel state one name stands for many: there the path fails instead of counting wrong.
  const retryCounts = Object.fromEntries(
    prepared.stateNames.flatMap((name, index) =>
      prepared.outermost.has(name) ? [] : [[String(index), () => failures.get(name) ?? 0] as const],
    ),
  );
  const startTime = new Date(parts.startedAt).toISOString();
  const task = hidden({
    Issued: () => {
      issued ??= tokens.issue();
      return issued;
    },
    Now: () => new Date(now()).toISOString(),
    RetryCounts: () => hidden(retryCounts),
    StateNames: () => prepared.stateNames,
    Execution: () => ({ Input: execution.input, StartTime: startTime }),
    Maps: () => hidden(maps),
  });

  /** Not in the turn in which the state was entered: news of a Map that has failed, or of a full history, comes first. */
  async function callSoon(...[resource, input, signal]: Parameters<CallResource>): Promise<unknown> {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw cancellation();
    return call(resource, input, signal);
  }

  async function handle(plan: TaskPlan, given: unknown): Promise<unknown> {
    const token = plan.resource.pattern === 'waitForTaskToken' ? (issued ?? tokens.issue()) : undefined;
    issued = undefined;
    const group = prepared.outermost.get(plan.name);
    if (stopped || (group !== undefined && failedMaps.has(group))) {
      if (token !== undefined) tokens.close(token);
      throw cancellation();
    }
    const { input, timeoutSeconds, heartbeatSeconds } = plan.wrapped ? asObject(given) : { input: given };
    const controller = new AbortController();
    let fail: (error: Error) => void = () => {};
    const cancelled = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const end = () => {
      if (token !== undefined) tokens.close(token);
      controller.abort();
    };
    // The engine's own timer, started right after this one, fails the state: only its error is no `States.TaskFailed`.
    const timer = setTimeout(end, milliseconds(timeoutSeconds) ?? plan.timeoutMs);
    const entry = {
      group,
      cancel() {
        end();
        fail(cancellation());
      },
    };
    running.add(entry);
    try {
      const answer = token && tokens.answer(token, milliseconds(heartbeatSeconds) ?? plan.heartbeatMs);
      const called = callSoon(plan.resource, input, controller.signal);
      const result = answer === undefined ? called : Promise.race([answer, called.then(() => answer)]);
      const value = await Promise.race([result, cancelled]);
      if (isOverLimit(value)) throw overLimit(plan.name);
      return value;
    } finally {
      clearTimeout(timer);
      running.delete(entry);
      if (token !== undefined) tokens.close(token);
    }
  }

  return {
    context: {
      Execution: { Id: execution.arn, Name: execution.name, RoleArn: 'arn:aws:iam::000000000000:role/local' },
      StateMachine: { Id: stateMachine.arn, Name: stateMachine.name },
      Task: task,
    },
    handlers: Object.fromEntries(
      prepared.tasks.map((plan) => [plan.name, (input: unknown) => handle(plan, input)]),
    ),
    attempt(state, how) {
      if (how === 'left') failures.delete(state);
      else failures.set(state, (failures.get(state) ?? 0) + 1);
    },
    cancel(group) {
      if (prepared.mapConcurrency.has(group)) failedMaps.add(group);
      for (const entry of running) if (entry.group === group) entry.cancel();
    },
    stop() {
      stopped = true;
      for (const entry of running) entry.cancel();
    },
  };
}
