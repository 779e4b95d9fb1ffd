import { isFanfoldError } from '../../src/errors.js';
import type { Errand, Rested } from '../errand.js';
import type { Stage, Stepped } from './perform.js';
import { liveMeta } from './rules.js';
import type { Scenario } from './scenario.js';
import { type Message, type Role, type Running, type World, without } from './world.js';

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
export function finish({ scenario, tables }: Stage, world: World, running: Running): Stepped {
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
export function crash({ scenario }: Stage, world: World, name: string): World {
  const running = world.running.find((process) => process.name === name);
  if (running === undefined) throw new Error(`no process ${name}`);
  const left = { ...world, running: without(world.running, running) };
  const isOver = running.role === 'publisher' && !scenario.publisherReturns;
  return giveBack(scenario, retryErrand(left, running.role, isOver), running, undefined);
}
