/** The answer of a conditional write. `current` is what stands there now; `undefined` when there is nothing. */
interface Written<T> {
  readonly applied: boolean;
  readonly current: T | undefined;
}

/** A map in memory that forgets what has expired. Its items are never changed in place. */
export function openShelf<T extends { readonly expiresAt: number }>(items: Map<string, T>) {
  const get = (name: string, now: number): T | undefined => {
    const item = items.get(name);
    return item !== undefined && item.expiresAt * 1_000 > now ? item : undefined;
  };
  const write = (name: string, found: T | undefined, changed: T | undefined): Written<T> => {
    if (changed !== undefined) items.set(name, changed);
    return { applied: changed !== undefined, current: changed ?? found };
  };
  return {
    get,
    live: (now: number): T[] => [...items.values()].filter(({ expiresAt }) => expiresAt * 1_000 > now),
    /** Puts an item where there is none. */
    create(name: string, item: T, now: number): Written<T> {
      const found = get(name, now);
      return write(name, found, found === undefined ? item : undefined);
    },
    /** Changes what is there, unless `change` refuses by `undefined`. */
    change(name: string, now: number, change: (item: T) => T | undefined): Written<T> {
      const found = get(name, now);
      return write(name, found, found && change(found));
    },
  };
}
