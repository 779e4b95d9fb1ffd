/** A promise that was broken. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

/** The world after a move, and the promise that it broke. */
export interface Stepped<W> {
  readonly world: W;
  readonly violation?: Violation | undefined;
}

/** Everything that can happen next; nothing but faults means that it is over, or lost. */
export interface Moves<M> {
  readonly ordinary: readonly M[];
  readonly faults: readonly M[];
}

/**
 * Real code over memory stores, as a machine that an explorer can drive: worlds that are never changed in place, and
 * what can happen in each. The same move leads from equal worlds to equal worlds.
 */
export interface Model<W = unknown, M = unknown> {
  /** The world in which the exploration begins. */
  first(): Promise<W>;
  movesOf(world: W): Moves<M>;
  step(world: W, move: M): Promise<Stepped<W>>;
  /** What must hold when nothing more happens by itself. */
  checkEnding(world: W): Promise<Violation | undefined>;
  /** The same for worlds with the same future. */
  keyOf(world: W): string;
  /** A move as a word without spaces: different moves of one world are different words. */
  tokenOf(move: M): string;
  /** The process that goes on by this move, if one does. */
  processOf(move: M): string | undefined;
  /** Whether only time passes by it. */
  isTick(move: M): boolean;
  /** A move in a few words. */
  say(move: M, before: W, after: W): string;
}

/** Something small that is explored, with everything that may happen to it. */
export interface Subject {
  readonly name: string;
  /** How large it is, in words. */
  readonly size: string;
  /** How much of the time it is given, compared with the others. */
  readonly share: number;
  /** A model with nothing remembered yet. */
  create(): Model;
}

/** A protocol that is broken on purpose, in one place; the rest is the real code. */
export interface Mutant {
  readonly name: string;
  /** What it does wrong. */
  readonly wrong: string;
  /** What the real protocol does in the same place. */
  readonly sound: Subject;
  /** Where the explorer has to find that out, with at most so many faults. */
  readonly broken: Subject;
  readonly faults: number;
}
