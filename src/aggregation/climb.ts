import { conclude } from './conclude.js';
import { type FanInContext, nodeMissing } from './fanInContext.js';
import { type FanInMeta, levelsOf } from './fanInMeta.js';
import { awaitsSeal, type Branch, isFull, type Leaf, tallyLeaf } from './fanInNode.js';
import { parentOf } from './tree.js';

/** The node, sealed if the root announces it: a sealer may have died before it came here. */
async function helpSeal<N extends Leaf | Branch>(
  node: N,
  meta: FanInMeta,
  seal: () => Promise<N | undefined>,
): Promise<N | undefined> {
  return meta.total === undefined || isFull(node) ? node : seal();
}

/**
 * The help rule: carries a node whose children are all done up to the root, and concludes there. Whoever touches a
 * leaf calls it, also on a duplicate, because the one who filled the leaf may have died before coming this far.
 * Answers with the root, or with `undefined` where the fan-in is gone.
 */
export async function climb(context: FanInContext, id: string, start: Leaf): Promise<FanInMeta | undefined> {
  const { store, now } = context;
  let meta = await store.readMeta(id, now());
  if (meta === undefined || meta.phase === 'delivered') return meta;
  if (meta.phase === 'decided') return conclude(context, meta);

  let leaf: Leaf | undefined = start;
  leaf = await helpSeal(leaf, meta, () => store.sealLeaf(id, start.address.position, now()));
  if (leaf === undefined || !isFull(leaf)) return meta;

  let node: Leaf | Branch = leaf;
  let tally = tallyLeaf(leaf);
  for (;;) {
    const above = parentOf(node.address, levelsOf(meta), meta.leafSize);
    if (above === undefined) break;
    const { parent, offset } = above;
    let branch: Branch | undefined = (await store.addToBranch(id, parent, offset, tally, now())).current;
    if (!branch?.done.has(offset)) throw nodeMissing(id, parent);
    if (awaitsSeal(branch)) {
      // Read after the write: a seal announced before it must be seen here, one announced later sees this write.
      meta = await store.readMeta(id, now());
      if (meta === undefined) return undefined;
      branch = await helpSeal(branch, meta, () => store.sealBranch(id, parent, now()));
    }
    if (branch === undefined || !isFull(branch)) return meta;
    node = branch;
    tally = branch.tally;
  }
  const { position: offset } = node.address;
  const { current } = await store.changeMeta(id, { type: 'rolledUp', offset, tally }, now());
  return current && conclude(context, current);
}

/** Whether a leaf needs {@link climb}: every child is done, so only the root can tell what is left to do. */
export function needsClimb(leaf: Leaf): boolean {
  return isFull(leaf) || awaitsSeal(leaf);
}
