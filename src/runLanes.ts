/**
 * Calls `run` for each item, in their order, at most `concurrency` at a time, until `isOver` says to start no more.
 * Where `run` rejects, so does this; the other lanes go on.
 */
export async function runLanes<T>(
  items: readonly T[],
  concurrency: number,
  run: (item: T, position: number) => Promise<unknown>,
  isOver: () => boolean = () => false,
): Promise<void> {
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [position, item] of waiting) {
      if (isOver()) return;
      await run(item, position);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
}
