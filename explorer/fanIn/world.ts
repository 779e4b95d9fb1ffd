import { type Errand, errandText, type Rested, restedText } from '../errand.js';
import type { Standing } from '../histories.js';

/** A message copy that nobody holds. Copies of one index are alike. */
export interface Message {
  readonly index: number;
  readonly receives: number;
  readonly place: 'queue' | 'dead';
  /** It came back without any fault: to try again is futile before anything has changed since. */
  readonly rested?: Rested;
}

export type Role = 'publisher' | 'worker' | 'deadLetterHandler' | 'sweeper' | 'canceller';

export interface Running {
  /** Unique: what it does, and the how-manieth that does it. */
  readonly name: string;
  readonly role: Role;
  readonly standing: Standing;
  readonly messages: readonly Message[];
  /** Until when it believes that the delivery is its own. */
  readonly leasedUntil?: number;
  /** One of its calls went wrong: that is a reason to try again at once. */
  readonly isFaulty?: boolean;
}

/** Everything that there is at one moment. Nothing in it is ever changed in place. */
export interface World {
  readonly clock: number;
  /** How many of the scenario's ticks have passed. */
  readonly ticks: number;
  /** How often everything came to rest without being over. */
  readonly rests: number;
  readonly table: number;
  readonly messages: readonly Message[];
  readonly running: readonly Running[];
  readonly publisher: Errand;
  readonly canceller: Errand;
  readonly sweepsLeft: number;
  /** Indices whose message was sent. */
  readonly sent: readonly number[];
  /** The reference model: the first outcome that any leaf accepted for each index, or a dot. */
  readonly truth: string;
  /** Indices for which `settle` answered `recorded`. */
  readonly recorded: readonly number[];
  /** What `onComplete` was told. */
  readonly delivered: string | undefined;
  /** Who called `onComplete` under which lease. */
  readonly holder: { readonly name: string; readonly until: number } | undefined;
}

const messageText = ({ index, receives, place, rested }: Message) =>
  `${index}${place === 'dead' ? 'd' : 'q'}${receives}${restedText(rested)}`;

/** The same for worlds with the same future. */
export function keyOf(world: World): string {
  const { clock, holder } = world;
  return [
    clock,
    world.rests,
    world.table,
    world.messages.map(messageText).sort().join(),
    world.running
      .map(({ name, standing, messages }) => `${name}:${standing.id}:${messages.map(messageText)}`)
      .sort()
      .join(),
    errandText(world.publisher),
    errandText(world.canceller),
    world.sweepsLeft,
    world.sent,
    world.truth,
    world.recorded,
    world.delivered === undefined ? '' : 'd',
    holder === undefined || holder.until <= clock ? '' : `${holder.name}${holder.until}`,
  ].join('|');
}

/** The world after one of its processes has moved on. */
export function withRunning(world: World, running: Running): World {
  return { ...world, running: world.running.map((other) => (other.name === running.name ? running : other)) };
}

export function without<T>(list: readonly T[], item: T): T[] {
  const at = list.indexOf(item);
  return [...list.slice(0, at), ...list.slice(at + 1)];
}
