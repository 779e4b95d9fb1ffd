import { runLanes } from '../runLanes.js';
import { isEager } from './completionRules.js';
import type { FanInContext } from './fanInContext.js';
import { type FanInMeta, levelsOf } from './fanInMeta.js';
import { capacityOf, positionsCovering } from './tree.js';

const CONCURRENCY = 16;

/**
 * Makes the nodes for items `start` to `end` (exclusive), or raises their capacity where they exist. Parents come
 * first, so that no full child ever lacks one. Safe to repeat, also after a crash half-way: nothing is overwritten.
 */
export async function growTree(
  { store, now }: FanInContext,
  meta: FanInMeta,
  start: number,
  end: number,
): Promise<void> {
  const { id, leafSize, expiresAt } = meta;
  const sealed = meta.total !== undefined;
  const eager = isEager(meta);
  const { minSuccessful } = meta.limits;
  const enough = minSuccessful !== undefined && minSuccessful <= leafSize ? minSuccessful : undefined;

  async function make(level: number, position: number): Promise<void> {
    const address = { level, position };
    const capacity = capacityOf(address, end, leafSize);
    const { applied } = await store.createNode(
      id,
      { address, leafSize, capacity, sealed, eager, enough, expiresAt },
      now(),
    );
    if (!applied && !sealed) await store.growNode(id, address, capacity, now());
  }

  for (let level = levelsOf(meta) - 1; level >= 0; level -= 1) {
    const positions = positionsCovering(level, start, end, leafSize);
    await runLanes(positions, CONCURRENCY, (position) => make(level, position));
  }
}
