import { outcomeWords } from '../callOutcome.js';
import { createHistories } from '../histories.js';
import type { Model } from '../model.js';
import { createTables, type Shelves } from '../tables.js';
import { type CallerMove, movesOf, tokenOf } from './callerMoves.js';
import { type CallersStage, callerStep } from './callerStep.js';
import { type CallersWorld, keyOf } from './callersWorld.js';
import { type Primitive, START } from './primitive.js';

function sayMove<K, T>(
  { callers, say }: Primitive<K, T>,
  move: CallerMove,
  before: CallersWorld<K>,
  after: CallersWorld<K>,
): string {
  switch (move.type) {
    case 'begin': {
      const begun = after.running.find((process) => !before.running.includes(process));
      const { does } = callers.find(({ name }) => name === move.caller) ?? { does: '' };
      return `${begun?.name ?? move.caller} begins: ${does}`;
    }
    case 'tick':
    case 'rest':
      return `the clock moves on to ${after.clock - START} ms`;
    case 'crash':
      return `${move.name} crashes`;
    default: {
      const isStill = after.running.some(({ name }) => name === move.name);
      const end = isStill ? '' : ', and ends';
      if (move.type === 'timer') return `${move.name}'s timer goes off${end}`;
      const call = before.running
        .find(({ name }) => name === move.name)
        ?.standing.pending.find(({ number }) => number === move.call);
      const fate = outcomeWords[move.outcome];
      const did = call === undefined ? '' : say(call);
      return `${move.name} ${did}${fate === '' ? '' : ` — the call ${fate}`}${end}`;
    }
  }
}

/** Callers of one primitive, each with the real code, who meet in one table. */
export function callersModel<K, T extends Shelves<T>>(
  primitive: Primitive<K, T>,
): Model<CallersWorld<K>, CallerMove> {
  const stage: CallersStage<K, T> = {
    primitive,
    tables: createTables(primitive.fresh, primitive.open),
    histories: createHistories(),
  };
  const first: CallersWorld<K> = {
    clock: START,
    ticks: 0,
    rests: 0,
    table: stage.tables.empty,
    running: [],
    errands: Object.fromEntries(primitive.callers.map(({ name }) => [name, { state: 'todo' }])),
    knows: primitive.knows,
  };
  return {
    first: async () => first,
    movesOf: (world) => movesOf(primitive, world),
    step: (world, move) => callerStep(stage, world, move),
    async checkEnding({ errands, knows, table, clock }) {
      const waiting = Object.keys(errands).filter((name) => errands[name]?.state !== 'done');
      if (waiting.length > 0) {
        const detail = `${waiting.join(' and ')} never got what was asked for, however often`;
        return { rule: 'whoever asks again is served', detail };
      }
      return primitive.checkEnding?.(knows, stage.tables.contents(table), clock);
    },
    keyOf,
    tokenOf,
    processOf: (move) => (move.type === 'call' || move.type === 'timer' ? move.name : undefined),
    isTick: ({ type }) => type === 'tick',
    say: (move, before, after) => sayMove(primitive, move, before, after),
  };
}
