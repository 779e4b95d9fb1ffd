import type { MetaChange } from '../../src/aggregation/fanInMeta.js';
import { applyCall } from '../applyCall.js';
import { canonical } from '../canonical.js';
import { begun } from '../errand.js';
import type { Standing } from '../histories.js';
import type { Violation } from '../model.js';
import { crash, finish } from './endings.js';
import type { Move } from './moves.js';
import { perform, type Stage, type Stepped } from './perform.js';
import type { Scenario } from './scenario.js';
import { type Message, type Role, type Running, type World, without, withRunning } from './world.js';

/** Longer than anything that the library waits for. */
const REST_MS = 3_600_001;

/** A process has heard an answer, or has begun. */
function arrive(stage: Stage, world: World, running: Running): Stepped {
  let next = withRunning(world, running);
  let violation: Violation | undefined;
  for (const { index } of running.standing.notes) {
    if (next.recorded.includes(index))
      violation = { rule: 'recorded at most once', detail: `${index} was answered as recorded twice` };
    next = { ...next, recorded: [...new Set([...next.recorded, index])].sort((a, b) => a - b) };
  }
  if (running.standing.ending === undefined) return { world: next, violation };
  const finished = finish(stage, next, running);
  return { world: finished.world, violation: violation ?? finished.violation };
}

/** A name that no process has, and that nothing reminds of: the ids that a process makes begin with its name. */
function freshName({ tables }: Stage, { table, running, holder }: World, label: string): string {
  for (let nth = 1; ; nth += 1) {
    const name = `${label}.${nth}`;
    const isTaken = running.some((process) => process.name === name) || holder?.name === name;
    if (!isTaken && !tables.mentions(table, `${name}-`)) return name;
  }
}

async function begin(
  stage: Stage,
  world: World,
  role: Role,
  label: string,
  messages: readonly Message[] = [],
): Promise<Stepped> {
  const { actors, histories } = stage;
  const name = freshName(stage, world, label);
  const received = messages.map(({ index, receives }) => ({ index, receives }));
  const standing: Standing = await histories.start(
    name,
    canonical(received),
    (environment) => actors[role](environment, received),
    world.clock,
  );
  const running: Running = { name, role, standing, messages };
  return arrive(stage, { ...world, running: [...world.running, running] }, running);
}

async function answerCall(
  stage: Stage,
  world: World,
  move: Extract<Move, { type: 'call' }>,
): Promise<Stepped> {
  const running = world.running.find(({ name }) => name === move.name);
  const call = running?.standing.pending.find(({ number }) => number === move.call);
  if (running === undefined || call === undefined) throw new Error('no such call');
  const done = await applyCall(world, move.outcome, (from) => perform(stage, from, running, call));
  const { answer, violation } = done;
  let next = done.world;
  if (call.method === 'onComplete' && !answer.ok && next.holder?.name === running.name)
    next = { ...next, holder: undefined };
  const standing = await stage.histories.answer(running.standing, move.call, answer, world.clock);
  const change = call.method === 'changeMeta' ? (call.args[1] as MetaChange) : undefined;
  const leased = answer.ok && change?.type === 'leased' ? { leasedUntil: change.until } : {};
  const faulty = answer.ok ? {} : { isFaulty: true };
  const arrived = arrive(stage, next, { ...running, ...leased, ...faulty, standing });
  return { world: arrived.world, violation: violation ?? arrived.violation };
}
/** The world after a move, and the promise that it broke. */
export async function step(stage: Stage, world: World, move: Move): Promise<Stepped> {
  const { scenario } = stage;
  switch (move.type) {
    case 'publish':
      return begin(stage, { ...world, publisher: begun(world.publisher) }, 'publisher', 'p');
    case 'cancel':
      return begin(stage, { ...world, canceller: begun(world.canceller) }, 'canceller', 'c');
    case 'sweep':
      return begin(stage, { ...world, sweepsLeft: world.sweepsLeft - 1 }, 'sweeper', 's');
    case 'receive':
    case 'receiveDead': {
      const messages = move.messages.reduce<readonly Message[]>((left, message) => {
        const found = left.find(
          ({ index, receives, place }) =>
            index === message.index && receives === message.receives && place === message.place,
        );
        return found === undefined ? left : without(left, found);
      }, world.messages);
      const received = move.messages.map(({ index, receives, place }) => ({
        index,
        receives: receives + 1,
        place,
      }));
      const indices = received.map(({ index }) => index).join(',');
      return move.type === 'receive'
        ? begin(stage, { ...world, messages }, 'worker', `w${indices}`, received)
        : begin(stage, { ...world, messages }, 'deadLetterHandler', `d${indices}`, received);
    }
    case 'tick': {
      const clock = world.clock - currentTick(scenario, world) + (scenario.ticks[world.ticks] ?? 0);
      return { world: { ...world, clock, ticks: world.ticks + 1 } };
    }
    case 'rest':
      return {
        world: {
          ...world,
          clock: world.clock + REST_MS,
          rests: world.rests + 1,
          sweepsLeft: world.sweepsLeft + (scenario.sweeper ? 1 : 0),
        },
      };
    case 'duplicate': {
      const copy: Message = {
        index: move.index,
        receives: Number.isFinite(scenario.maxReceiveCount) ? 1 : 0,
        place: 'queue',
      };
      return { world: { ...world, messages: [...world.messages, copy] } };
    }
    case 'crash':
      return { world: crash(stage, world, move.name) };
    case 'call':
      return answerCall(stage, world, move);
  }
}

function currentTick({ ticks }: Scenario, world: World): number {
  return world.ticks === 0 ? 0 : (ticks[world.ticks - 1] ?? 0);
}
