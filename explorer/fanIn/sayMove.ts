import type { MetaChange } from '../../src/aggregation/fanInMeta.js';
import { outcomeStatuses } from '../../src/aggregation/outcome.js';
import { outcomeWords } from '../callOutcome.js';
import type { Call } from '../process.js';
import type { Move } from './moves.js';
import { JOB, START } from './scenario.js';
import type { World } from './world.js';

const roleWords: Readonly<Record<string, string>> = {
  p: 'the publisher',
  c: 'the canceller',
  s: 'the sweeper',
  w: 'a worker',
  d: 'the dead-letter handler',
};

function sayChange(change: MetaChange): string {
  const { type, ...rest } = change;
  const { now: _, ...said } = rest as Record<string, unknown>;
  return `${type} ${JSON.stringify(said)}`;
}

/** A call in a few words. */
function sayCall({ method, args }: Call): string {
  const [id, second, third] = args as [unknown, unknown, unknown];
  switch (method) {
    case 'changeMeta':
      return `changes the root: ${sayChange(second as MetaChange)}`;
    case 'addToLeaf': {
      const write = third as Record<string, readonly number[]>;
      const parts = outcomeStatuses.filter((status) => (write[status]?.length ?? 0) > 0);
      return `adds to leaf ${second}: ${parts.map((status) => `${status} ${write[status]}`).join(', ')}`;
    }
    case 'onComplete':
      return `calls onComplete ${JSON.stringify(id)}`;
    case 'send':
      return `sends ${(id as string[]).length} messages`;
    default: {
      const rest = args.filter((arg) => arg !== JOB && !(typeof arg === 'number' && arg >= START));
      return `${method} ${JSON.stringify(rest).slice(1, -1)}`;
    }
  }
}

/** A move in a few words. */
export function sayMove(move: Move, before: World, after: World): string {
  switch (move.type) {
    case 'tick':
    case 'rest':
      return `the clock moves on to ${after.clock - START} ms`;
    case 'duplicate':
      return `the message of ${move.index} is delivered once more`;
    case 'crash':
      return `${move.name} crashes`;
    case 'call': {
      const call = before.running
        .find(({ name }) => name === move.name)
        ?.standing.pending.find(({ number }) => number === move.call);
      const fate = outcomeWords[move.outcome];
      const isStill = after.running.some(({ name }) => name === move.name);
      const did = call === undefined ? '' : sayCall(call);
      return `${move.name} ${did}${fate === '' ? '' : ` — the call ${fate}`}${isStill ? '' : ', and ends'}`;
    }
    default: {
      const begun = after.running.find((process) => !before.running.includes(process));
      return begun === undefined ? `${move.type}` : `${begun.name} begins: ${roleWords[begun.name[0] ?? '']}`;
    }
  }
}
