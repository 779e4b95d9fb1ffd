import { type CallOutcome, outcomes } from '../callOutcome.js';
import { isAwake, mayBegin } from '../errand.js';
import type { Moves } from '../model.js';
import type { Scenario } from './scenario.js';
import type { Message, World } from './world.js';

/** One thing that can happen next. */
export type Move =
  | { readonly type: 'publish' | 'cancel' | 'sweep' | 'tick' | 'rest' }
  | { readonly type: 'receive' | 'receiveDead'; readonly messages: readonly Message[] }
  | { readonly type: 'call'; readonly name: string; readonly call: number; readonly outcome: CallOutcome }
  | { readonly type: 'crash'; readonly name: string }
  | { readonly type: 'duplicate'; readonly index: number };

/** After so many rests a job that is still not over counts as lost. */
const MAX_RESTS = 5;

function isRead(method: string): boolean {
  return method.startsWith('read') || method === 'listDue';
}

function outcomesOf(method: string): readonly CallOutcome[] {
  // A read that is lost or repeated is to everybody the same as one that failed or went well.
  if (isRead(method)) return ['ok', 'fail'];
  return method === 'onComplete' ? ['ok', 'fail', 'lost'] : outcomes;
}

/** One of each kind: copies that are alike lead to worlds that are alike. */
function distinct(messages: readonly Message[]): Message[] {
  const seen = new Map(messages.map((message) => [`${message.index} ${message.receives}`, message]));
  return [...seen.values()].sort((a, b) => a.index - b.index || a.receives - b.receives);
}

function receivable(world: World, place: Message['place']): Message[] {
  return distinct(
    world.messages.filter((message) => message.place === place && isAwake(message.rested, world)),
  );
}

/** What happens when nobody interferes. */
function ordinaryMoves(scenario: Scenario, world: World): Move[] {
  const { running } = world;
  const moves: Move[] = [];
  const busy = (role: string) => running.filter((process) => process.role === role).length;

  for (const { name, standing } of running)
    for (const { number } of standing.pending)
      moves.push({ type: 'call', name, call: number, outcome: 'ok' });
  if (mayBegin(world.publisher, world)) moves.push({ type: 'publish' });
  if (mayBegin(world.canceller, world)) moves.push({ type: 'cancel' });
  const isFree = busy('worker') + busy('deadLetterHandler') < scenario.workers;
  if (isFree) {
    const queued = receivable(world, 'queue');
    if (scenario.batch > 1 && queued.length > 0)
      moves.push({ type: 'receive', messages: queued.slice(0, scenario.batch) });
    else for (const message of queued) moves.push({ type: 'receive', messages: [message] });
  }
  if (isFree)
    for (const message of receivable(world, 'dead')) moves.push({ type: 'receiveDead', messages: [message] });
  if (world.sweepsLeft > 0 && busy('sweeper') === 0) moves.push({ type: 'sweep' });
  if (world.ticks < scenario.ticks.length) moves.push({ type: 'tick' });
  return moves;
}

function faults({ running, sent }: World): Move[] {
  const moves: Move[] = [];
  for (const { name, standing } of running) {
    for (const { number, method } of standing.pending)
      for (const outcome of outcomesOf(method))
        if (outcome !== 'ok') moves.push({ type: 'call', name, call: number, outcome });
    moves.push({ type: 'crash', name });
  }
  for (const index of sent) moves.push({ type: 'duplicate', index });
  return moves;
}

/** Whether everything is over that redeliveries can do, and time has to pass. */
function canRest(
  scenario: Scenario,
  { messages, publisher, canceller, rests }: World,
  isOver: boolean,
): boolean {
  if (rests >= MAX_RESTS) return false;
  const waits = [publisher, canceller].some(({ state }) => state === 'todo');
  const letters = messages.some(({ index }) => !scenario.strays.includes(index));
  return waits || letters || (scenario.sweeper && !isOver);
}

/** Everything that can happen next; nothing but faults means that the job is over, or lost. */
export function movesOf(scenario: Scenario, world: World, isOver: boolean): Moves<Move> {
  const ordinary = ordinaryMoves(scenario, world);
  if (ordinary.length === 0 && canRest(scenario, world, isOver)) ordinary.push({ type: 'rest' });
  return { ordinary, faults: faults(world) };
}
