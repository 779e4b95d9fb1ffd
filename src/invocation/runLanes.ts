/**
 * Runs `run(0)` to `run(count - 1)`, at most `concurrency` at a time, until `isOver` says to start no more. `run` must
 * not reject.
 */
export async function runLanes(
  count: number,
  concurrency: number,
  run: (position: number) => Promise<unknown>,
  isOver: () => boolean = () => false,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count && !isOver()) await run(next++);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
}
