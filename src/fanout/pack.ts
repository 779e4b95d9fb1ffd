import { expectFunction, expectInteger, expectNumber, invalidArgument } from '../arguments.js';

/** The limits of one pack. */
export interface PackOptions<T> {
  /** The most items in a pack. @default no limit */
  readonly maxCount?: number;
  /** The most bytes in a pack, as `sizeOf` counts them. @default no limit */
  readonly maxBytes?: number;
  /** The size of an item, in bytes; needed with `maxBytes`. */
  readonly sizeOf?: (item: T) => number;
}

/** Fills one pack after another; `add` gives the pack that an item completed, `rest` what is left at the end. */
function openPack<T>({ maxCount = Infinity, maxBytes = Infinity, sizeOf }: PackOptions<T>) {
  let pack: T[] = [];
  let bytes = 0;
  const take = (): T[] | undefined => {
    const taken = pack;
    [pack, bytes] = [[], 0];
    return taken.length > 0 ? taken : undefined;
  };
  return {
    add(item: T): T[] | undefined {
      const size = sizeOf?.(item) ?? 0;
      if (sizeOf !== undefined) expectNumber('sizeOf(item)', size, 0);
      const before = bytes + size > maxBytes ? take() : undefined;
      pack.push(item);
      bytes += size;
      // A pack that is full by count goes at once: the next item may be long in coming.
      return before ?? (pack.length >= maxCount ? take() : undefined);
    },
    rest: take,
  };
}

function* packSync<T>(items: Iterable<T>, options: PackOptions<T>): Generator<T[], void, undefined> {
  const open = openPack(options);
  for (const item of items) {
    const full = open.add(item);
    if (full !== undefined) yield full;
  }
  const rest = open.rest();
  if (rest !== undefined) yield rest;
}

async function* packAsync<T>(
  items: AsyncIterable<T>,
  options: PackOptions<T>,
): AsyncGenerator<T[], void, undefined> {
  const open = openPack(options);
  for await (const item of items) {
    const full = open.add(item);
    if (full !== undefined) yield full;
  }
  const rest = open.rest();
  if (rest !== undefined) yield rest;
}

/**
 * Splits a stream into packs by count and by bytes: batches for a service with limits, manifests of so many files or
 * megabytes. It keeps the order, reads no further than one item beyond the pack that it gives, and never gives an
 * empty one. An item that is over `maxBytes` by itself gets a pack of its own: refuse it before, where that is wrong.
 *
 * @throws FanfoldError `InvalidArgument` for bad limits, at the call, and for a size that is no number.
 * @example
 * ```ts
 * for await (const files of pack(pendingFiles, { maxCount: 200, maxBytes: 700_000_000, sizeOf: (file) => file.bytes })) {
 *   await writeManifest(files);
 * }
 * ```
 */
export function pack<T>(items: Iterable<T>, options: PackOptions<T>): Generator<T[], void, undefined>;
export function pack<T>(
  items: AsyncIterable<T>,
  options: PackOptions<T>,
): AsyncGenerator<T[], void, undefined>;
export function pack<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: PackOptions<T>,
): Generator<T[], void, undefined> | AsyncGenerator<T[], void, undefined> {
  const { maxCount, maxBytes, sizeOf } = options;
  if (maxCount !== undefined) expectInteger('maxCount', maxCount, 1);
  if (maxBytes !== undefined) expectInteger('maxBytes', maxBytes, 1);
  if (maxBytes !== undefined || sizeOf !== undefined) expectFunction('sizeOf', sizeOf);
  const source = Object(items) as Partial<Iterable<T> & AsyncIterable<T>>;
  if (typeof source[Symbol.asyncIterator] === 'function')
    return packAsync(items as AsyncIterable<T>, options);
  if (typeof source[Symbol.iterator] === 'function') return packSync(items as Iterable<T>, options);
  throw invalidArgument('items', 'an iterable or async iterable', items);
}
