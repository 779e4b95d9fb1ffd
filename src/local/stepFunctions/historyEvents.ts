import type { EngineEvent } from './engine.js';
import type { TaskPlan } from './prepareDefinition.js';

/** An event of AWS's history, before it has its number: `details` go under the name that belongs to `type`. */
export interface HistoryDraft {
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

type TaskPlans = ReadonlyMap<string, TaskPlan>;

/** Turns what the engine says into the events that AWS writes for the same. */
export interface HistoryTranslator {
  translate(event: EngineEvent): readonly HistoryDraft[];
}

const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return value === undefined ? undefined : JSON.stringify(value);
};

function resourceOf({ resource: { service, action, pattern } }: TaskPlan) {
  return {
    resourceType: service,
    resource: pattern === 'requestResponse' ? action : `${action}.${pattern}`,
    region: 'us-east-1',
  };
}

/** Scheduled, started and, where an answer comes later, submitted. */
function started(plan: TaskPlan): HistoryDraft[] {
  if (plan.resource.service === 'function') {
    return [{ type: 'LambdaFunctionScheduled' }, { type: 'LambdaFunctionStarted' }];
  }
  const details = resourceOf(plan);
  const submitted = plan.resource.pattern === 'requestResponse' ? [] : [{ type: 'TaskSubmitted', details }];
  return [{ type: 'TaskScheduled', details }, { type: 'TaskStarted', details }, ...submitted];
}

function ended(plan: TaskPlan, how: 'Succeeded' | 'Failed' | 'TimedOut', details: object): HistoryDraft {
  return plan.resource.service === 'function'
    ? { type: `LambdaFunction${how}`, details: { ...details } }
    : { type: `Task${how}`, details: { ...resourceOf(plan), ...details } };
}

/** For one execution; a task's parameters are left out, because they can hold its token. */
export function createHistoryTranslator(tasks: TaskPlans): HistoryTranslator {
  /** Exits to come of states whose error was caught, by iteration and name. */
  const caught = new Map<string, number>();
  const key = ({ index, state }: EngineEvent) => `${index ?? ''}:${state?.name}`;

  function exited(event: EngineEvent, type: string, plan: TaskPlan | undefined): HistoryDraft[] {
    const details = { name: event.state?.name, output: event.state?.output };
    const exit = { type: `${type}StateExited`, details };
    const left = caught.get(key(event)) ?? 0;
    if (left > 0) {
      caught.set(key(event), left - 1);
      return [exit];
    }
    if (plan) return [ended(plan, 'Succeeded', { output: event.state?.output }), exit];
    return type === 'Map' || type === 'Parallel' ? [{ type: `${type}StateSucceeded` }, exit] : [exit];
  }

  function failed(event: EngineEvent, type: string, plan: TaskPlan | undefined): HistoryDraft[] {
    const details = { error: event.Error, cause: asText(event.Cause) };
    const timedOut = event.Error === 'States.Timeout' || event.Error === 'States.HeartbeatTimeout';
    if (plan) return [ended(plan, timedOut ? 'TimedOut' : 'Failed', details)];
    return type === 'Map' || type === 'Parallel' ? [{ type: `${type}StateFailed`, details }] : [];
  }

  const begun = (type: string, plan: TaskPlan | undefined): HistoryDraft[] => {
    if (plan) return started(plan);
    return type === 'Map' || type === 'Parallel' ? [{ type: `${type}StateStarted` }] : [];
  };

  return {
    translate(event) {
      const iteration = /^MapIteration\w+$/.test(event.type);
      if (iteration) {
        return [{ type: event.type, details: { name: event.parentState?.name, index: event.index } }];
      }
      if (event.state === undefined) return [];
      const { name, type, input } = event.state;
      const plan = tasks.get(name);
      if (event.type === 'StateEntered') {
        return [{ type: `${type}StateEntered`, details: { name, input } }, ...begun(type, plan)];
      }
      if (event.type === 'StateExited') return exited(event, type, plan);
      if (event.type === 'StateFailed') return failed(event, type, plan);
      if (event.type === 'StateRetried') return begun(type, plan);
      if (event.type === 'StateCaught') caught.set(key(event), (caught.get(key(event)) ?? 0) + 1);
      return [];
    },
  };
}

const prefixes: readonly (readonly [RegExp, string])[] = [
  [/StateEntered$/, 'stateEnteredEventDetails'],
  [/StateExited$/, 'stateExitedEventDetails'],
];

/** The field that AWS keeps an event's details in. */
export function detailsField(type: string): string {
  const [, shared] = prefixes.find(([pattern]) => pattern.test(type)) ?? [];
  return shared ?? `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
