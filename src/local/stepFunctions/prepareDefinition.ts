import { asObject } from '../asObject.js';
import type { AslObject } from './engine.js';
import { parseResource, type Resource } from './resource.js';
import { allStates } from './states.js';

/** The longest delay of a timer; AWS's own default timeout, 99,999,999 s, would overflow it and fire at once. */
const MAX_TIMER_SECONDS = 2_147_483;

/** What a task's handler has to know about its state. */
export interface TaskPlan {
  readonly name: string;
  readonly resource: Resource;
  readonly timeoutMs: number;
  readonly heartbeatMs: number | undefined;
  /** Times come from the input: they stand beside it, in `{ input, timeoutSeconds, heartbeatSeconds }`. */
  readonly wrapped: boolean;
}

/** A definition as the engine runs it. */
export interface PreparedDefinition {
  readonly definition: AslObject;
  readonly tasks: readonly TaskPlan[];
  /** All names: `$$.State.Name` is looked up in them. */
  readonly stateNames: readonly string[];
  /** Maps of a fixed concurrency, by name: it is looked up when one starts, which is how a start is noticed. */
  readonly mapConcurrency: ReadonlyMap<string, number>;
  /** The outermost Map or Parallel state around each state that has one. */
  readonly outermost: ReadonlyMap<string, string>;
}

type Edit = (value: unknown, key: string) => unknown;

/** Edits every value, innermost first; the key of an array's element is that of the array. */
function edited(value: unknown, edit: Edit, key = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => edited(element, edit, key));
  if (typeof value !== 'object' || value === null) return edit(value, key);
  const entries = Object.entries(value).map(([name, inner]) => [name, edited(inner, edit, name)] as const);
  return edit(Object.fromEntries(entries), key);
}

/** Leads paths of the context object to where it is kept up to date: the engine itself has no `State`, and in a Map the wrong `Execution`. */
const pathEdit =
  (index: number, waits: boolean): Edit =>
  (value, key) => {
    if (typeof value !== 'string' || !/(\.\$|Path|^Variable)$/.test(key)) return value;
    const moved = value
      .replaceAll('$$.State.Name', () => `$$.Task.StateNames[${index}]`)
      .replaceAll('$$.State.RetryCount', () => `$$.Task.RetryCounts[${index}]`)
      .replaceAll('$$.State.EnteredTime', () => '$$.Task.Now')
      .replaceAll('$$.Execution.Input', () => '$$.Task.Execution.Input')
      .replaceAll('$$.Execution.StartTime', () => '$$.Task.Execution.StartTime');
    // Elsewhere there is no token, and the path fails at run time, as on AWS.
    return waits ? moved.replaceAll('$$.Task.Token', () => '$$.Task.Issued') : moved;
  };

const isTest = /^Is(Present|Null|Numeric|String|Boolean|Timestamp)$/;

/** `IsPresent: false` and its kin never match in the engine; "not present" does. */
const choiceEdit: Edit = (value) => {
  const rule = asObject(value);
  const test = Object.keys(rule).find((key) => isTest.test(key) && rule[key] === false);
  if (test === undefined) return value;
  const { Next, ...others } = rule;
  return { Not: { ...others, [test]: true }, ...(Next === undefined ? {} : { Next }) };
};

const clamped = (seconds: unknown, secondMs: number): number =>
  typeof seconds === 'number' ? Math.min((seconds * secondMs) / 1_000, MAX_TIMER_SECONDS) : MAX_TIMER_SECONDS;

/** A heartbeat that is missed is a kind of timeout: who waits for one waits for the other. */
function withHeartbeats(rules: unknown): unknown {
  if (!Array.isArray(rules)) return rules;
  return rules.map((rule) => {
    const names: unknown[] = Array.isArray(rule?.ErrorEquals) ? rule.ErrorEquals : [];
    return names.includes('States.Timeout')
      ? { ...rule, ErrorEquals: [...names, 'States.HeartbeatTimeout'] }
      : rule;
  });
}

function scaled(rules: unknown, secondMs: number): unknown {
  if (!Array.isArray(rules)) return rules;
  const scale = (seconds: unknown) => (Number(seconds) * secondMs) / 1_000;
  return rules.map((rule) => ({
    ...rule,
    IntervalSeconds: scale(rule.IntervalSeconds ?? 1),
    ...(rule.MaxDelaySeconds === undefined ? {} : { MaxDelaySeconds: scale(rule.MaxDelaySeconds) }),
  }));
}

function taskFields(state: AslObject): AslObject {
  const { TimeoutSecondsPath, HeartbeatSecondsPath, Parameters } = state;
  if (TimeoutSecondsPath === undefined && HeartbeatSecondsPath === undefined) return {};
  return {
    Parameters: {
      ...(Parameters === undefined ? { 'input.$': '$' } : { input: Parameters }),
      ...(TimeoutSecondsPath === undefined ? {} : { 'timeoutSeconds.$': TimeoutSecondsPath }),
      ...(HeartbeatSecondsPath === undefined ? {} : { 'heartbeatSeconds.$': HeartbeatSecondsPath }),
    },
    ...(TimeoutSecondsPath === undefined ? {} : { TimeoutSecondsPath: '$.timeoutSeconds' }),
  };
}

/** One state, without what the engine takes differently from AWS. */
function prepareState(state: AslObject, secondMs: number): AslObject {
  const { ResultPath, Result, Seconds, ...rest } = state;
  const prepared: Record<string, unknown> = { ...rest };
  // "$" is the default, and the engine would make it a field of that name; of "$['x']" it would make two.
  if (typeof ResultPath === 'string' && ResultPath !== '$')
    prepared.ResultPath = ResultPath.replace(/^\$\[/, '[');
  if (ResultPath === null) prepared.ResultPath = null;
  // A result that is falsy is none to the engine.
  if ('Result' in state) Object.assign(prepared, Result ? { Result } : { Parameters: Result });
  if (state.Type === 'Wait' && Seconds !== undefined) prepared.Seconds = clamped(Seconds, secondMs);
  if ('Retry' in state) prepared.Retry = scaled(withHeartbeats(state.Retry), secondMs);
  if ('Catch' in state) {
    const catchers = withHeartbeats(state.Catch);
    prepared.Catch = edited(catchers, (value, key) =>
      key === 'ResultPath' && value === '$' ? undefined : value,
    );
  }
  if ('Choices' in state) prepared.Choices = edited(state.Choices, choiceEdit);
  if (state.Type === 'Task') {
    Object.assign(prepared, taskFields(state));
    if (state.TimeoutSecondsPath === undefined)
      prepared.TimeoutSeconds = clamped(state.TimeoutSeconds, secondMs);
  }
  return prepared;
}

/**
 * Rewrites a definition for the engine, so that it does what AWS does; see each edit for what it would do otherwise.
 *
 * @param secondMs How long a second of the definition lasts, in ms.
 */
export function prepareDefinition(machine: AslObject, secondMs: number): PreparedDefinition {
  const entries = allStates(machine);
  const stateNames = entries.map(({ name }) => name);
  const mapConcurrency = new Map<string, number>();

  function prepareMachine(part: AslObject): AslObject {
    const states = Object.entries(asObject(part.States)).map(([name, value]) => {
      const state = asObject(value);
      const resource = parseResource(state.Resource);
      const { Branches, ItemProcessor, Iterator: iterator, ...own } = prepareState(state, secondMs);
      const edit = pathEdit(stateNames.indexOf(name), resource?.pattern === 'waitForTaskToken');
      const prepared: Record<string, unknown> = { ...asObject(edited(own, edit)) };
      if (Array.isArray(Branches))
        prepared.Branches = Branches.map((branch) => prepareMachine(asObject(branch)));
      if (state.Type === 'Map') {
        prepared.ItemProcessor = prepareMachine(asObject(ItemProcessor ?? iterator));
        if (state.MaxConcurrencyPath === undefined) {
          prepared.MaxConcurrencyPath = `$$.Task.Maps[${mapConcurrency.size}]`;
          mapConcurrency.set(name, Number(state.MaxConcurrency ?? 0));
        }
      }
      return [name, prepared] as const;
    });
    const timeout =
      part.TimeoutSeconds === undefined ? {} : { TimeoutSeconds: clamped(part.TimeoutSeconds, secondMs) };
    return { ...part, ...timeout, States: Object.fromEntries(states) };
  }

  const tasks = entries.flatMap(({ name, state }): TaskPlan[] => {
    const resource = parseResource(state.Resource);
    if (state.Type !== 'Task' || resource === undefined) return [];
    const { HeartbeatSeconds, HeartbeatSecondsPath, TimeoutSecondsPath } = state;
    return [
      {
        ...{ name, resource },
        timeoutMs: clamped(state.TimeoutSeconds, secondMs) * 1_000,
        heartbeatMs: HeartbeatSeconds === undefined ? undefined : clamped(HeartbeatSeconds, secondMs) * 1_000,
        wrapped: HeartbeatSecondsPath !== undefined || TimeoutSecondsPath !== undefined,
      },
    ];
  });
  const outermost = new Map(
    entries.flatMap(({ name, within: [first] }) => (first === undefined ? [] : [[name, first] as const])),
  );
  return { definition: prepareMachine(machine), tasks, stateNames, mapConcurrency, outermost };
}
