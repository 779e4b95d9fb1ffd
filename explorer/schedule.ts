import type { CallOutcome, Move } from './moves.js';
import type { Message } from './world.js';

const letters = { receive: 'w', receiveDead: 'd' } as const;
const single = { publish: '+p', cancel: '+c', sweep: '+s', tick: 'tick', rest: 'rest' } as const;

const messageToken = ({ index, receives }: Message) => (receives === 0 ? `${index}` : `${index}r${receives}`);

/** A move as a word; words with spaces between them are a schedule. */
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

/** The move that a word means here; `undefined` where it cannot happen. */
export function moveOf(token: string, moves: readonly Move[]): Move | undefined {
  return moves.find((move) => tokenOf(move) === token);
}

export interface Schedule {
  readonly scenario: string;
  readonly mutant: string | undefined;
  readonly tokens: readonly string[];
}

/** `scenario: words`, or `mutant@scenario: words` */
export function formatSchedule({ scenario, mutant, tokens }: Schedule): string {
  return `${mutant === undefined ? '' : `${mutant}@`}${scenario}: ${tokens.join(' ')}`;
}

export function parseSchedule(text: string): Schedule | undefined {
  const match = /^(?:([\w-]+)@)?([\w-]+):\s*(.*)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, mutant, scenario = '', words = ''] = match;
  return { scenario, mutant, tokens: words.split(/\s+/).filter((word) => word !== '') };
}

export const outcomeWords: Readonly<Record<CallOutcome, string>> = {
  ok: '',
  fail: 'fails before it is applied (or is throttled)',
  lost: 'is applied, and its reply is lost',
  twice: 'is applied, and applied once more by the SDK',
};
