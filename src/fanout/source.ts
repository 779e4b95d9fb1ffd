import { invalidArgument } from '../arguments.js';
import { notify } from './notify.js';

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
  const iterable: Partial<Iterable<I> & AsyncIterable<I>> = Object(items);
  const iterate: (() => Iterator<I> | AsyncIterator<I>) | undefined =
    iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator];
  if (typeof iterate !== 'function') throw invalidArgument(field, 'an iterable or async iterable', items);
  const isAsync = iterate === iterable[Symbol.asyncIterator];
  let iterator: Iterator<I> | AsyncIterator<I> | undefined;
  let read = 0;
  let ended = false;
  let failure: { readonly cause: unknown } | undefined;

  const accept = ({ done, value }: IteratorResult<I>): Pulled<I> | undefined => {
    if (!done && !ended) return { index: read++, value };
    ended = true;
    return undefined;
  };
  const fail = (cause: unknown): undefined => {
    if (!ended) failure = { cause };
    ended = true;
  };
  const pull = (): Pulled<I> | undefined | Promise<Pulled<I> | undefined> => {
    if (ended) return undefined;
    try {
      iterator ??= iterate.call(items);
      const result = iterator.next();
      return isAsync ? Promise.resolve(result).then(accept).catch(fail) : accept(result as IteratorResult<I>);
    } catch (cause) {
      return fail(cause);
    }
  };
  let turn: Promise<Pulled<I> | undefined> = Promise.resolve(undefined);

  return {
    length: knownLength(items),
    readCount: () => read,
    isEnded: () => ended,
    failure: () => failure,
    next: isAsync ? () => (turn = turn.then(pull)) : pull,
    close() {
      if (ended) return;
      ended = true;
      void notify(() => iterator?.return?.(), undefined);
    },
  };
}
