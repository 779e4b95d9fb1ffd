import { createRandom } from '../../examples/createRandom.js';

/** What one call to SQS may carry. */
export const CALL_LIMITS = { entries: 10, bytes: 1_048_576 };

/** Sizes from 1 KB to 1 MB, as many between 1 and 2 as between 512 and 1,024; the same ones every time. */
export function mixedSizes(count: number, seed = 7): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Math.floor(1_024 * 1_000 ** random()));
}

/** What no packing can be better than: so many entries, and so many bytes, do not fit into fewer calls. */
export function fewestCalls(sizes: readonly number[]): number {
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return Math.max(Math.ceil(sizes.length / CALL_LIMITS.entries), Math.ceil(bytes / CALL_LIMITS.bytes));
}

/** How many calls it takes to send in order, a call as soon as the next message does not fit. */
export function callsInOrder(sizes: readonly number[]): number {
  let calls = 0;
  let entries = CALL_LIMITS.entries;
  let bytes = 0;
  for (const size of sizes) {
    if (entries === CALL_LIMITS.entries || bytes + size > CALL_LIMITS.bytes) {
      calls += 1;
      entries = 0;
      bytes = 0;
    }
    entries += 1;
    bytes += size;
  }
  return calls;
}
