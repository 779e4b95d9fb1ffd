import type { Engine, EngineEvent } from './engine.js';
import { type CallResource, createExecutionTasks, isOverLimit, overLimit } from './executionTasks.js';
import { createHistoryTranslator, type HistoryDraft } from './historyEvents.js';
import { MAX_HISTORY_EVENTS } from './limits.js';
import type { PreparedDefinition } from './prepareDefinition.js';
import type { TaskTokens } from './taskTokens.js';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** A state machine that is registered. */
export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  /** As it was given, after substitution. */
  readonly definition: string;
  readonly prepared: PreparedDefinition;
  readonly machine: InstanceType<Engine['StateMachine']>;
}

export interface HistoryEvent extends HistoryDraft {
  readonly id: number;
  readonly timestamp: number;
}

/** An execution and what has become of it; times in ms. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly stateMachine: StateMachine;
  /** JSON, as it was given. */
  readonly input: string;
  readonly startedAt: number;
  readonly status: ExecutionStatus;
  readonly stoppedAt: number | undefined;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly events: readonly HistoryEvent[];
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
  /** Aborts it, if it still runs. */
  stop(error?: string, cause?: string): void;
}

export interface RunExecutionParts {
  readonly stateMachine: StateMachine;
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly tokens: TaskTokens;
  readonly call: CallResource;
  readonly now: () => number;
}

interface Ending {
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

const lastEvents: Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, string>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

const defined = ({ output, error, cause }: Ending) => ({
  ...(output === undefined ? {} : { output }),
  ...(error ? { error } : {}),
  ...(cause ? { cause } : {}),
});

/** Starts an execution on the engine, and keeps its status and history as AWS would. */
export function runExecution(parts: RunExecutionParts): Execution {
  const { stateMachine, arn, name, input, tokens, call, now } = parts;
  const { prepared, machine } = stateMachine;
  const startedAt = now();
  const events: HistoryEvent[] = [];
  const given: unknown = JSON.parse(input);
  const execution = { arn, name, input: given };
  const tasks = createExecutionTasks({ prepared, tokens, call, execution, stateMachine, startedAt, now });
  const translator = createHistoryTranslator(new Map(prepared.tasks.map((plan) => [plan.name, plan])));
  /** Maps and Parallel states that have failed: what their other branches still say is not history. */
  const silenced = new Set<string>();
  let status: ExecutionStatus = 'RUNNING';
  let ending: Ending & { readonly stoppedAt?: number } = {};
  let resolveEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });

  const add = (draft: HistoryDraft, timestamp: number) =>
    events.push({ ...draft, id: events.length + 1, timestamp });

  function finish(how: Exclude<ExecutionStatus, 'RUNNING'>, { output, error, cause }: Ending): void {
    if (status !== 'RUNNING') return;
    const details = defined({ output, error, cause } as Ending);
    add({ type: lastEvents[how], details }, now());
    status = how;
    // AWS keeps the error of a timeout in the history only.
    ending = { ...(how === 'TIMED_OUT' ? {} : details), stoppedAt: now() };
    tasks.stop();
    run.abort();
    resolveEnded();
  }

  function record(event: EngineEvent): void {
    const group = prepared.outermost.get(event.state?.name ?? event.parentState?.name ?? '');
    const parent = event.parentState?.name;
    if ((group !== undefined && silenced.has(group)) || (parent !== undefined && silenced.has(parent)))
      return;
    const drafts = translator.translate(event);
    for (const draft of drafts) {
      if (events.length < MAX_HISTORY_EVENTS - 1) add(draft, event.timestamp);
      else {
        const cause = `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`;
        finish('FAILED', { error: 'States.Runtime', cause });
      }
    }
    const { state } = event;
    if (state === undefined) return;
    if (event.type === 'StateFailed') tasks.attempt(state.name, 'failed');
    if (event.type === 'StateExited') tasks.attempt(state.name, 'left');
    if (event.type === 'StateEntered' || event.type === 'StateRetried') silenced.delete(state.name);
    if (event.type === 'StateFailed' && (state.type === 'Map' || state.type === 'Parallel')) {
      if (group === undefined) silenced.add(state.name);
      tasks.cancel(state.name);
    }
    if (event.type === 'StateExited' && isOverLimit(state.output)) {
      const { name: error, message: cause } = overLimit(state.name);
      finish('FAILED', { error, cause });
    }
  }

  add({ type: 'ExecutionStarted', details: { input: given } }, startedAt);
  const { context, handlers } = tasks;
  const run = machine.run(given, { context, overrides: { taskResourceLocalHandlers: handlers } });
  const drained = (async () => {
    for await (const event of run.eventLogs) if (status === 'RUNNING') record(event);
  })();
  run.result.then(
    async (output) => {
      await drained;
      finish('SUCCEEDED', { output: JSON.stringify(output) ?? 'null' });
    },
    async (error: Error) => {
      await drained;
      if (error.name === 'ExecutionTimeoutError') return finish('TIMED_OUT', { error: 'States.Timeout' });
      const { name: code, message } = error.cause instanceof Error ? error.cause : error;
      // The engine repeats the name of a timeout as its message; AWS gives no cause.
      finish('FAILED', { error: code, cause: message === code ? undefined : message });
    },
  );

  return {
    ...{ arn, name, stateMachine, input, startedAt, events, ended },
    get status() {
      return status;
    },
    get stoppedAt() {
      return ending.stoppedAt;
    },
    get output() {
      return ending.output;
    },
    get error() {
      return ending.error;
    },
    get cause() {
      return ending.cause;
    },
    stop: (error, cause) => finish('ABORTED', { error, cause }),
  };
}
