import type { CallOutcome } from '../callOutcome.js';
import type { Violation } from '../model.js';
import type { Call, Ending, Environment } from '../process.js';

/** Somebody who wants one thing, and asks again until it is had. */
export interface Caller {
  readonly name: string;
  /** In a few words: "runs the job". */
  readonly does: string;
  /** It depends on nothing but its environment. */
  run(environment: Environment): Promise<unknown>;
  /** How far its clock is ahead, in ms. */
  readonly aheadMs?: number;
  /** It begins only when that caller is done. */
  readonly after?: string;
}

/** What the reference model knows afterwards, and the promise that was broken. */
export interface Judged<K> {
  readonly knows: K;
  readonly violation?: Violation | undefined;
}

/** A process that is spoken of. */
export interface Speaker {
  readonly process: string;
  readonly caller: string;
  /** By its own clock, in epoch ms. */
  readonly now: number;
}

/** A call that changed the table. */
export interface Applied<T> extends Speaker {
  readonly call: Call;
  readonly before: T;
  readonly after: T;
}

/** A process that has ended by itself. */
export interface Ended<T> extends Speaker {
  readonly ending: Ending;
  readonly memory: T;
  /** One of its calls went wrong. */
  readonly isFaulty: boolean;
}

/**
 * A primitive with its callers and its rules. `K` is what the reference model knows: plain JSON, written down from what
 * was asked for and applied, never by the primitive's own rules. `T` is what its memory store holds.
 */
export interface Primitive<K, T> {
  readonly callers: readonly Caller[];
  /** Times to which the clock may jump at any moment, in ms after the start. */
  readonly ticks: readonly number[];
  readonly fresh: T;
  /** The store, broken or not; what it does not have is the callers' own work. */
  open(memory: T): object;
  readonly knows: K;
  outcomesOf(method: string): readonly CallOutcome[];
  began?(knows: K, speaker: Speaker): K;
  applied(knows: K, applied: Applied<T>): Judged<K>;
  /** `isDone`: it need not ask again. */
  ended(knows: K, ended: Ended<T>): Judged<K> & { readonly isDone: boolean };
  /** A process is gone, in whatever way. */
  gone?(knows: K, process: string): K;
  /** A caller does work of its own. */
  works?(knows: K, speaker: Speaker, call: Call): Violation | undefined;
  checkEnding?(knows: K, memory: T, clock: number): Violation | undefined;
  say(call: Call): string;
}

/** When every exploration begins, in epoch ms. */
export const START = 1_000_000;
