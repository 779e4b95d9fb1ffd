import type { MetaChange } from '../src/aggregation/fanInMeta.js';
import type { LeafWrite } from '../src/aggregation/fanInNode.js';
import { openEnvelope } from '../src/envelope.js';
import { isFanfoldError } from '../src/errors.js';
import type { Actors } from './actors.js';
import { canonical } from './canonical.js';
import type { Histories, Standing } from './histories.js';
import type { Move } from './moves.js';
import type { Answer, Call } from './process.js';
import { checkWrite, liveMeta, recordTruth, type Violation } from './rules.js';
import { LEASE_MS, type Scenario } from './scenario.js';
import { type Tables, toAnswer } from './tables.js';
import {
  type Errand,
  type Message,
  type Rested,
  type Role,
  type Running,
  type World,
  without,
  withRunning,
} from './world.js';

/** What a step works with. */
export interface Stage {
  readonly scenario: Scenario;
  readonly actors: Actors;
  readonly tables: Tables;
  readonly histories: Histories;
}

export interface Stepped {
  readonly world: World;
  readonly violation?: Violation | undefined;
}

/** Longer than anything that the library waits for. */
const REST_MS = 3_600_001;

class ModelFault extends Error {
  override readonly name = 'ModelFault';
}

// To a caller the two are the same. Made once: an error is expensive, and there are millions.
const fault: Answer = {
  ok: false,
  error: new ModelFault('the call failed, or its reply was lost'),
  text: 'fault',
};

/** Does what a call asks for. */
async function perform(
  { scenario, tables }: Stage,
  world: World,
  running: Running,
  { method, args }: Call,
  call: Call,
): Promise<Stepped & { readonly answer: Answer }> {
  if (method === 'send') {
    const sent = (args[0] as string[]).map((body) => openEnvelope(JSON.parse(body)).fanIn?.index ?? 0);
    const messages = sent.map((index): Message => ({ index, receives: 0, place: 'queue' }));
    const everSent = [...new Set([...world.sent, ...sent])].sort((a, b) => a - b);
    return {
      world: { ...world, sent: everSent, messages: [...world.messages, ...messages] },
      answer: toAnswer(undefined),
    };
  }
  if (method === 'onComplete')
    return { ...deliver(tables, world, running, args[0]), answer: toAnswer(undefined) };

  const { state, answer } = await tables.call(world.table, call);
  let { truth } = world;
  if (method === 'addToLeaf' && answer.ok && (answer.value as { applied: boolean }).applied) {
    const [, leaf, write, leafSize] = args as [string, number, LeafWrite, number];
    truth = recordTruth(truth, write, leaf, leafSize);
  }
  const changed = { ...world, table: state, truth };
  const violation =
    state === world.table
      ? undefined
      : checkWrite(scenario, tables.contents(world.table), tables.contents(state), truth, world.clock);
  return { world: changed, violation, answer };
}

/** `onComplete` is told. */
function deliver(tables: Tables, world: World, { name, leasedUntil }: Running, summary: unknown): Stepped {
  const { clock, holder } = world;
  const { counts, completionReason, deliveryId, decidedAt } = summary as Record<string, unknown>;
  const told = canonical({ counts, completionReason, deliveryId, decidedAt });
  const meta = liveMeta(tables.contents(world.table), clock);
  const decided = meta?.decision && canonical({ ...pick(meta.decision) });
  let violation: Violation | undefined;
  if (world.delivered !== undefined && world.delivered !== told)
    violation = { rule: 'at most one decision', detail: `told ${world.delivered}, then ${told}` };
  else if (meta !== undefined && decided !== told)
    violation = { rule: 'no early decision', detail: `told ${told}, decided is ${decided ?? 'nothing'}` };
  // One whose own lease has run out is slow, not wrong: delivery is at least once.
  const until = leasedUntil ?? clock + LEASE_MS;
  if (until <= clock) return { world: { ...world, delivered: told }, violation };
  if (holder !== undefined && holder.name !== name && holder.until > clock)
    violation ??= {
      rule: 'one delivery at a time',
      detail: `${name} delivers while ${holder.name} holds the lease`,
    };
  return { world: { ...world, delivered: told, holder: { name, until } }, violation };
}

function pick({
  counts,
  completionReason,
  deliveryId,
  decidedAt,
}:
  | Record<string, unknown>
  | (object & {
      counts?: unknown;
      completionReason?: unknown;
      deliveryId?: unknown;
      decidedAt?: unknown;
    })) {
  return { counts, completionReason, deliveryId, decidedAt };
}

/** Where the messages of a process go that did not acknowledge them. */
function giveBack(
  { maxReceiveCount }: Scenario,
  world: World,
  { role, messages }: Pick<Running, 'role' | 'messages'>,
  rested: Rested | undefined,
): World {
  const resting = rested === undefined ? {} : { rested };
  const returned = messages.map(({ index, receives }): Message => {
    if (role === 'deadLetterHandler') return { index, receives: 0, place: 'dead', ...resting };
    return receives >= maxReceiveCount
      ? { index, receives: 0, place: 'dead' }
      : { index, receives: Number.isFinite(maxReceiveCount) ? receives : 0, place: 'queue', ...resting };
  });
  return { ...world, messages: [...world.messages, ...returned] };
}

function restedIn({ clock, table }: World): Rested {
  return { clock, table };
}

function retryErrand(world: World, role: Role, isOver: boolean): World {
  const again = ({ starts = 0 }: Errand): Errand =>
    isOver ? { state: 'done' } : { state: 'todo', starts, rested: restedIn(world) };
  if (role === 'publisher') return { ...world, publisher: again(world.publisher) };
  return role === 'canceller' ? { ...world, canceller: again(world.canceller) } : world;
}

/** Nothing that these say will change by trying again: the job was ended while its publisher was away. */
const isFinalError = (error: unknown) =>
  isFanfoldError(error, 'FanInSealed') || isFanfoldError(error, 'FanInGone');

/** A process has ended by itself. */
function finish({ scenario, tables }: Stage, world: World, running: Running): Stepped {
  const { role, standing, messages } = running;
  const { ending } = standing;
  const left: World = { ...world, running: without(world.running, running) };
  if (ending === undefined) return { world: left };
  if (role !== 'worker' && role !== 'deadLetterHandler') {
    const isOver = ending.type === 'answered' || isFinalError(ending.error);
    const unexpected = ending.type === 'threw' && isFanfoldError(ending.error) && !ending.error.retryable;
    const violation =
      unexpected && !isOver
        ? { rule: 'no unexpected error', detail: `${running.name} threw ${String(ending.error)}` }
        : undefined;
    return { world: retryErrand(left, role, isOver), violation };
  }

  const failed = new Set(
    ending.type === 'threw'
      ? messages.map((_, position) => `${position}`)
      : (ending.value as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures.map(
          ({ itemIdentifier }) => itemIdentifier,
        ),
  );
  const acknowledged = messages.filter((_, position) => !failed.has(`${position}`));
  const lost = acknowledged.find(({ index }) => (world.truth[index] ?? '.') === '.');
  const isLive = liveMeta(tables.contents(world.table), world.clock) !== undefined;
  return {
    world: giveBack(
      scenario,
      left,
      { role, messages: messages.filter((_, position) => failed.has(`${position}`)) },
      running.isFaulty ? undefined : restedIn(world),
    ),
    violation:
      lost !== undefined && isLive
        ? { rule: 'nothing is acknowledged before it is durable', detail: `message ${lost.index}` }
        : undefined,
  };
}

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
  let next = world;
  let answer: Answer = fault;
  let violation: Violation | undefined;
  for (let times = { ok: 1, fail: 0, lost: 1, twice: 2 }[move.outcome]; times > 0; times -= 1) {
    const done = await perform(stage, next, running, call, call);
    violation ??= done.violation;
    next = done.world;
    if (move.outcome !== 'lost') answer = done.answer;
  }
  if (call.method === 'onComplete' && !answer.ok && next.holder?.name === running.name)
    next = { ...next, holder: undefined };
  const standing = await stage.histories.answer(running.standing, move.call, answer, world.clock);
  const change = call.method === 'changeMeta' ? (call.args[1] as MetaChange) : undefined;
  const leased = answer.ok && change?.type === 'leased' ? { leasedUntil: change.until } : {};
  const faulty = answer.ok ? {} : { isFaulty: true };
  const arrived = arrive(stage, next, { ...running, ...leased, ...faulty, standing });
  return { world: arrived.world, violation: violation ?? arrived.violation };
}

function crash({ scenario }: Stage, world: World, name: string): World {
  const running = world.running.find((process) => process.name === name);
  if (running === undefined) throw new Error(`no process ${name}`);
  const left = { ...world, running: without(world.running, running) };
  const isOver = running.role === 'publisher' && !scenario.publisherReturns;
  return giveBack(scenario, retryErrand(left, running.role, isOver), running, undefined);
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

function begun({ starts = 0 }: Errand): Errand {
  return { state: 'running', starts: starts + 1 };
}

function currentTick({ ticks }: Scenario, world: World): number {
  return world.ticks === 0 ? 0 : (ticks[world.ticks - 1] ?? 0);
}
