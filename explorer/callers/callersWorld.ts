import { type Errand, errandText } from '../errand.js';
import type { Standing } from '../histories.js';

export interface Running {
  /** Unique for ever: who, and the how-manieth time. */
  readonly name: string;
  readonly caller: string;
  readonly standing: Standing;
  /** One of its calls went wrong: that is a reason to try again at once. */
  readonly isFaulty: boolean;
}

/** Everything that there is at one moment. Nothing in it is ever changed in place. */
export interface CallersWorld<K> {
  readonly clock: number;
  /** How many of the ticks have passed. */
  readonly ticks: number;
  /** How often everything came to rest without being over. */
  readonly rests: number;
  readonly table: number;
  readonly running: readonly Running[];
  /** By caller. */
  readonly errands: Readonly<Record<string, Errand>>;
  /** The reference model. */
  readonly knows: K;
}

/** The same for worlds with the same future. */
export function keyOf<K>({ clock, ticks, rests, table, running, errands, knows }: CallersWorld<K>): string {
  return [
    clock,
    ticks,
    rests,
    table,
    running
      .map(({ name, standing, isFaulty }) => `${name}:${standing.id}${isFaulty ? 'f' : ''}`)
      .sort()
      .join(),
    Object.values(errands).map(errandText).join(),
    JSON.stringify(knows),
  ].join('|');
}
