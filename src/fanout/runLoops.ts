import pLimit from 'p-limit';

/**
 * Runs `loop` as often at once as there is work for, at most `concurrency` times: whoever finds work calls `more`, which
 * begins one more loop. Ends with the last of them.
 */
export async function runLoops(
  concurrency: number,
  loop: (more: () => void) => Promise<void>,
): Promise<void> {
  const limit = pLimit(concurrency);
  const loops: Promise<void>[] = [];
  const more = (): void => {
    if (loops.length < concurrency) loops.push(limit(loop, more));
  };
  more();
  for (const running of loops) await running;
}
