import type { Move } from './moves.js';
import type { Message } from './world.js';

const letters = { receive: 'w', receiveDead: 'd' } as const;
const single = { publish: '+p', cancel: '+c', sweep: '+s', tick: 'tick', rest: 'rest' } as const;

const messageToken = ({ index, receives }: Message) => (receives === 0 ? `${index}` : `${index}r${receives}`);

/** A move as a word. */
export function tokenOf(move: Move): string {
  switch (move.type) {
    case 'receive':
    case 'receiveDead':
      return `+${letters[move.type]}${move.messages.map(messageToken).join(',')}`;
    case 'call':
      return `${move.name}:${move.call}${move.outcome === 'ok' ? '' : `~${move.outcome}`}`;
    case 'crash':
      return `${move.name}!`;
    case 'duplicate':
      return `dup${move.index}`;
    default:
      return single[move.type];
  }
}
