import { conclude } from './conclude.js';
import type { FanInContext } from './fanInContext.js';
import { type FanInMeta, MAX_EAGER_FAILURES } from './fanInMeta.js';
import { failureStatuses, type Leaf } from './fanInNode.js';
import { toIndex } from './tree.js';

/**
 * Tells the root of a leaf's failures where few are tolerated, all of them again, because whoever recorded them may
 * have died before it could; then concludes. Answers with the root, or `undefined` where there was nothing to tell.
 */
export async function mirrorFailures(
  context: FanInContext,
  id: string,
  leaf: Leaf,
): Promise<FanInMeta | undefined> {
  if (!leaf.eager) return undefined;
  const { store, now } = context;
  const offsets = failureStatuses.flatMap((status) => [...leaf.failures[status]]);
  const indices = offsets
    .slice(0, MAX_EAGER_FAILURES + 1)
    .map((offset) => toIndex(leaf.address.position, offset, leaf.leafSize));
  if (indices.length === 0) return undefined;
  const { current } = await store.changeMeta(id, { type: 'failuresSeen', indices }, now());
  return current && conclude(context, current);
}
