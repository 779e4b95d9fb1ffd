import { invalidArgument } from '../arguments.js';

/** What {@link openSource} reads from. */
export type Items<I> = Iterable<I> | AsyncIterable<I>;

/** One item, and the how-manieth it is. */
export interface Pulled<I> {
  readonly index: number;
  readonly value: I;
}

/** A source of items that many loops may pull from. */
export interface Source<I> {
  /** How many items there are, where that can be known without reading them. */
  readonly length: number | undefined;
  /** How many items were read. */
  readCount(): number;
  /** Whether there is nothing more to read: at its end, closed, or failed. */
  isEnded(): boolean;
  /** What the source threw, in a box, as it may have thrown `undefined`. */
  failure(): { readonly cause: unknown } | undefined;
  /** The next item, `undefined` at the end. Never throws; a promise only for an asynchronous source. */
  next(): Pulled<I> | undefined | Promise<Pulled<I> | undefined>;
  /** Stops early: the iterator's own clean-up (`return()`) is started, not waited for, as it may hang. */
  close(): void;
}

function knownLength(items: unknown): number | undefined {
  if (Array.isArray(items)) return items.length;
  return items instanceof Set || items instanceof Map ? items.size : undefined;
}

/**
 * Opens a source for concurrent readers. An asynchronous iterator is asked for one item at a time, as `for await`
 * does, because not every iterator can be asked twice at once.
 */
export function openSource<I>(field: string, items: Items<I>): Source<I> {
  const candidate = items as Partial<Iterable<I> & AsyncIterable<I>> | null | undefined;
  const isAsync = typeof candidate?.[Symbol.asyncIterator] === 'function';
  if (!isAsync && typeof candidate?.[Symbol.iterator] !== 'function') {
    throw invalidArgument(field, 'an iterable or async iterable', items);
  }
  let iterator: Iterator<I> | AsyncIterator<I> | undefined;
  let read = 0;
  let ended = false;
  let failure: { readonly cause: unknown } | undefined;

  const begin = (): Iterator<I> | AsyncIterator<I> => {
    iterator ??= isAsync
      ? (items as AsyncIterable<I>)[Symbol.asyncIterator]()
      : (items as Iterable<I>)[Symbol.iterator]();
    return iterator;
  };
  const accept = (result: IteratorResult<I>): Pulled<I> | undefined => {
    if (ended) return undefined;
    if (result.done) {
      ended = true;
      return undefined;
    }
    return { index: read++, value: result.value };
  };
  const fail = (cause: unknown): undefined => {
    if (!ended) failure = { cause };
    ended = true;
    return undefined;
  };

  const pull = (): Pulled<I> | undefined => {
    if (ended) return undefined;
    try {
      return accept(begin().next() as IteratorResult<I>);
    } catch (cause) {
      return fail(cause);
    }
  };
  const pullAsync = async (): Promise<Pulled<I> | undefined> => {
    if (ended) return undefined;
    try {
      return accept(await begin().next());
    } catch (cause) {
      return fail(cause);
    }
  };

  let turn: Promise<Pulled<I> | undefined> = Promise.resolve(undefined);
  const next = isAsync
    ? () => {
        turn = turn.then(pullAsync);
        return turn;
      }
    : pull;

  const close = (): void => {
    if (ended) return;
    ended = true;
    try {
      Promise.resolve(iterator?.return?.()).catch(() => {});
    } catch {
      // Nobody waits for the clean-up, so nobody can be told.
    }
  };

  return {
    length: knownLength(items),
    readCount: () => read,
    isEnded: () => ended,
    failure: () => failure,
    next,
    close,
  };
}
