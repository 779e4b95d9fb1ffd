import { climb, needsClimb } from './climb.js';
import { conclude } from './conclude.js';
import { type FanInContext, readLiveMeta } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import type { Leaf } from './fanInNode.js';
import { mirrorFailures } from './mirrorFailures.js';
import { repeatSeal } from './sealFanIn.js';
import { walkTree } from './walkTree.js';

/**
 * The help rule for every leaf at once: walks what is unfinished, carries full nodes up, repeats a seal, tells the
 * root of failures, and concludes. It settles nothing, so it may be called at any time.
 */
export async function helpUnfinished(context: FanInContext, meta: FanInMeta): Promise<FanInMeta> {
  const { store, now } = context;
  const { id } = meta;
  if (meta.decision !== undefined) return conclude(context, meta);
  if (meta.total !== undefined) await repeatSeal(context, meta, meta.total);

  async function help(leaf: Leaf | undefined): Promise<void> {
    if (leaf === undefined) return;
    await mirrorFailures(context, id, leaf);
    if (needsClimb(leaf)) await climb(context, id, leaf);
  }
  for await (const visited of walkTree(context, meta, { unfinishedOnly: true })) {
    if ('leaf' in visited) await help(visited.leaf);
    // A full branch hides its leaves; any of them leads up through it.
    else if (visited.firstLeaf !== undefined)
      await help((await store.readLeaves(id, [visited.firstLeaf], now()))[0]);
  }
  return conclude(context, await readLiveMeta(context, id));
}
