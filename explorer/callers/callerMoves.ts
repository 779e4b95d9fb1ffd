import type { CallOutcome } from '../callOutcome.js';
import { mayBegin } from '../errand.js';
import type { Moves } from '../model.js';
import type { CallersWorld } from './callersWorld.js';
import type { Primitive } from './primitive.js';

/** One thing that can happen next. */
export type CallerMove =
  | { readonly type: 'begin'; readonly caller: string }
  | { readonly type: 'call'; readonly name: string; readonly call: number; readonly outcome: CallOutcome }
  | { readonly type: 'timer'; readonly name: string; readonly timer: number }
  | { readonly type: 'crash'; readonly name: string }
  | { readonly type: 'tick' }
  | { readonly type: 'rest' };

/** After so many rests somebody who still is not done counts as lost. */
const MAX_RESTS = 4;

export function tokenOf(move: CallerMove): string {
  switch (move.type) {
    case 'begin':
      return `+${move.caller}`;
    case 'call':
      return `${move.name}:${move.call}${move.outcome === 'ok' ? '' : `~${move.outcome}`}`;
    case 'timer':
      return `${move.name}@${move.timer}`;
    case 'crash':
      return `${move.name}!`;
    default:
      return move.type;
  }
}

/** Everything that can happen next; nothing but faults means that everybody is done, or lost. */
export function movesOf<K, T>(
  { callers, ticks, outcomesOf }: Primitive<K, T>,
  world: CallersWorld<K>,
): Moves<CallerMove> {
  const { running, errands, clock } = world;
  const ordinary: CallerMove[] = [];
  const faults: CallerMove[] = [];
  const isDone = (caller: string) => errands[caller]?.state === 'done';

  for (const { name, caller, standing } of running) {
    for (const { number, method } of standing.pending) {
      for (const outcome of outcomesOf(method))
        (outcome === 'ok' ? ordinary : faults).push({ type: 'call', name, call: number, outcome });
    }
    const now = clock + (callers.find((other) => other.name === caller)?.aheadMs ?? 0);
    for (const { number, dueAt } of standing.timers)
      if (dueAt <= now) ordinary.push({ type: 'timer', name, timer: number });
    faults.push({ type: 'crash', name });
  }
  for (const { name, after } of callers) {
    const errand = errands[name];
    if (errand !== undefined && (after === undefined || isDone(after)) && mayBegin(errand, world))
      ordinary.push({ type: 'begin', caller: name });
  }
  if (world.ticks < ticks.length) ordinary.push({ type: 'tick' });
  const isOver = callers.every(({ name }) => isDone(name));
  if (ordinary.length === 0 && !isOver && world.rests < MAX_RESTS) ordinary.push({ type: 'rest' });
  return { ordinary, faults };
}
