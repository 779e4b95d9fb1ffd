/** The time and the state of the table when something was given up. */
export interface Rested {
  readonly clock: number;
  readonly table: number;
}

/** A task that somebody does once: until it succeeded, it is begun again. */
export interface Errand {
  readonly state: 'none' | 'todo' | 'running' | 'done';
  /** It failed: to begin again is futile before anything has changed since. */
  readonly rested?: Rested;
  /** How often it was begun. */
  readonly starts?: number;
}

/** A task that fails is begun again at once so often; then it waits until the clock moves. */
const EAGER_STARTS = 3;

export const isAwake = (rested: Rested | undefined, { clock, table }: Rested): boolean =>
  rested === undefined || rested.clock < clock || rested.table !== table;

export function mayBegin({ state, starts = 0, rested }: Errand, now: Rested): boolean {
  const isEager = starts < EAGER_STARTS && isAwake(rested, now);
  return state === 'todo' && (isEager || rested === undefined || rested.clock < now.clock);
}

export function begun({ starts = 0 }: Errand): Errand {
  return { state: 'running', starts: starts + 1 };
}

export const errandText = ({ state, rested, starts = 0 }: Errand): string =>
  `${state}${starts}${restedText(rested)}`;

export const restedText = (rested: Rested | undefined): string =>
  rested === undefined ? '' : `@${rested.clock},${rested.table}`;
