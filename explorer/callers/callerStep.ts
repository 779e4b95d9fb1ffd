import { type Answered, applyCall } from '../applyCall.js';
import { begun, type Errand } from '../errand.js';
import type { Histories } from '../histories.js';
import type { Stepped, Violation } from '../model.js';
import type { Call } from '../process.js';
import { type Tables, toAnswer } from '../tables.js';
import type { CallerMove } from './callerMoves.js';
import type { CallersWorld, Running } from './callersWorld.js';
import type { Caller, Primitive, Speaker } from './primitive.js';

/** What a step works with. */
export interface CallersStage<K, T> {
  readonly primitive: Primitive<K, T>;
  readonly tables: Tables<T>;
  readonly histories: Histories;
}

/** Longer than any lease. */
const REST_MS = 86_400_001;

function callerNamed<K, T>({ primitive }: CallersStage<K, T>, name: string): Caller {
  const found = primitive.callers.find((caller) => caller.name === name);
  if (found === undefined) throw new Error(`no caller ${name}`);
  return found;
}

function speakerOf<K, T>(
  stage: CallersStage<K, T>,
  { clock }: CallersWorld<K>,
  { name, caller }: Pick<Running, 'name' | 'caller'>,
): Speaker {
  return { process: name, caller, now: clock + (callerNamed(stage, caller).aheadMs ?? 0) };
}

function withErrand<K>(world: CallersWorld<K>, caller: string, errand: Errand): CallersWorld<K> {
  return { ...world, errands: { ...world.errands, [caller]: errand } };
}

/** A process is gone: its caller is done, or asks again. */
function leave<K, T>(
  { primitive }: CallersStage<K, T>,
  world: CallersWorld<K>,
  { name, caller, isFaulty }: Running,
  isDone: boolean,
): CallersWorld<K> {
  const { starts = 0 } = world.errands[caller] ?? {};
  const { clock, table } = world;
  const again: Errand = { state: 'todo', starts, ...(isFaulty ? {} : { rested: { clock, table } }) };
  const left = withErrand(world, caller, isDone ? { state: 'done' } : again);
  const running = world.running.filter((other) => other.name !== name);
  return { ...left, running, knows: primitive.gone?.(world.knows, name) ?? world.knows };
}

/** A process has moved on, and may have ended. */
function arrive<K, T>(
  stage: CallersStage<K, T>,
  world: CallersWorld<K>,
  running: Running,
): Stepped<CallersWorld<K>> {
  const others = world.running.filter(({ name }) => name !== running.name);
  const arrived = { ...world, running: [...others, running] };
  const { ending, timers } = running.standing;
  if (ending === undefined) return { world: arrived };
  const { isFaulty } = running;
  const memory = stage.tables.contents(world.table);
  const speaker = speakerOf(stage, world, running);
  const judged = stage.primitive.ended(world.knows, { ...speaker, ending, memory, isFaulty });
  const left: Violation | undefined =
    timers.length === 0
      ? undefined
      : { rule: 'no timer is left behind', detail: `${running.name} has ended, and its timer has not` };
  return {
    world: leave(stage, { ...arrived, knows: judged.knows }, running, judged.isDone),
    violation: judged.violation ?? left,
  };
}

/** Does what a call asks for, once. */
async function perform<K, T>(
  { primitive, tables }: CallersStage<K, T>,
  world: CallersWorld<K>,
  speaker: Speaker,
  call: Call,
): Promise<Answered<CallersWorld<K>>> {
  if (!tables.has(call.method)) {
    const violation = primitive.works?.(world.knows, speaker, call);
    return { world, violation, answer: toAnswer(undefined) };
  }
  const { state, answer } = await tables.call(world.table, call);
  if (state === world.table) return { world, answer };
  const before = tables.contents(world.table);
  const after = tables.contents(state);
  const { knows, violation } = primitive.applied(world.knows, { ...speaker, call, before, after });
  return { world: { ...world, table: state, knows }, violation, answer };
}

async function answerCall<K, T>(
  stage: CallersStage<K, T>,
  world: CallersWorld<K>,
  running: Running,
  move: Extract<CallerMove, { type: 'call' }>,
): Promise<Stepped<CallersWorld<K>>> {
  const call = running.standing.pending.find(({ number }) => number === move.call);
  if (call === undefined) throw new Error('no such call');
  const speaker = speakerOf(stage, world, running);
  const done = await applyCall(world, move.outcome, (from) => perform(stage, from, speaker, call));
  const { answer, violation } = done;
  const standing = await stage.histories.answer(running.standing, move.call, answer, speaker.now);
  const arrived = arrive(stage, done.world, {
    ...running,
    standing,
    isFaulty: running.isFaulty || !answer.ok,
  });
  return { world: arrived.world, violation: violation ?? arrived.violation };
}

async function begin<K, T>(
  stage: CallersStage<K, T>,
  world: CallersWorld<K>,
  caller: string,
): Promise<Stepped<CallersWorld<K>>> {
  const errand = begun(world.errands[caller] ?? { state: 'todo' });
  const name = `${caller}.${errand.starts ?? 0}`;
  const speaker = speakerOf(stage, world, { name, caller });
  const { run } = callerNamed(stage, caller);
  const standing = await stage.histories.start(name, '', run, speaker.now);
  const knows = stage.primitive.began?.(world.knows, speaker) ?? world.knows;
  return arrive(
    stage,
    { ...withErrand(world, caller, errand), knows },
    { name, caller, standing, isFaulty: false },
  );
}

/** The world after a move, and the promise that it broke. */
export async function callerStep<K, T>(
  stage: CallersStage<K, T>,
  world: CallersWorld<K>,
  move: CallerMove,
): Promise<Stepped<CallersWorld<K>>> {
  if (move.type === 'begin') return begin(stage, world, move.caller);
  if (move.type === 'rest')
    return { world: { ...world, clock: world.clock + REST_MS, rests: world.rests + 1 } };
  if (move.type === 'tick') {
    const { ticks } = stage.primitive;
    const passed = (ticks[world.ticks] ?? 0) - (ticks[world.ticks - 1] ?? 0);
    return { world: { ...world, clock: world.clock + passed, ticks: world.ticks + 1 } };
  }
  const running = world.running.find(({ name }) => name === move.name);
  if (running === undefined) throw new Error(`no process ${move.name}`);
  if (move.type === 'call') return answerCall(stage, world, running, move);
  // Its caller is started again at once, whatever the process had met.
  if (move.type === 'crash') return { world: leave(stage, world, { ...running, isFaulty: true }, false) };
  const { now } = speakerOf(stage, world, running);
  const standing = await stage.histories.fire(running.standing, move.timer, now);
  return arrive(stage, world, { ...running, standing });
}
