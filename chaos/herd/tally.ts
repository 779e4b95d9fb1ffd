import type { Role } from '../child/childConfig.js';

/** What a run has seen of its processes. */
export interface Tally {
  /** How many processes were killed, and how many of them in the middle of something. */
  readonly kills: Record<Role, { total: number; inFlight: number }>;
  /** How often each item was received by a worker. */
  readonly received: Map<number, number>;
  /** The items that the dead-letter worker has received. */
  readonly deadLettered: Set<number>;
  /** Processes that ended without being killed, and why. */
  readonly faults: string[];
  published: number;
}

export function createTally(): Tally {
  const none = () => ({ total: 0, inFlight: 0 });
  return {
    kills: { publisher: none(), worker: none(), deadLetterWorker: none(), sweeper: none() },
    received: new Map(),
    deadLettered: new Set(),
    faults: [],
    published: 0,
  };
}

/** The sum over all roles. */
export function countKills({ kills }: Pick<Tally, 'kills'>): { total: number; inFlight: number } {
  const all = Object.values(kills);
  const sum = (of: 'total' | 'inFlight') => all.reduce((total, kill) => total + kill[of], 0);
  return { total: sum('total'), inFlight: sum('inFlight') };
}
