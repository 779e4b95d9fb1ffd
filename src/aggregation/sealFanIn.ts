import { expectId, expectInteger } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import { FanfoldError } from '../errors.js';
import { completeAllocation } from './allocateItems.js';
import { climb, needsClimb } from './climb.js';
import { conclude } from './conclude.js';
import { changeLiveMeta, expectLive, type FanInContext, readLiveMeta } from './fanInContext.js';
import { type FanInMeta, levelsOf } from './fanInMeta.js';
import { rightmostNodes } from './tree.js';

function expectTotal(meta: FanInMeta, total: number): void {
  const expected = meta.total ?? meta.allocated;
  if (total === expected) return;
  const message = `total: expected ${expected}, which is what fan-in ${JSON.stringify(meta.id)} has handed out, got ${total}`;
  throw new FanfoldError('FanInMismatch', message);
}

/** Closes the rightmost node of each level, then climbs from the last leaf. Whoever sees a sealed root may repeat it. */
export async function repeatSeal(context: FanInContext, meta: FanInMeta, total: number): Promise<FanInMeta> {
  const { store, now } = context;
  const { id, leafSize } = meta;
  for (const address of rightmostNodes(total, levelsOf(meta), leafSize).reverse()) {
    if (address.level > 0) {
      await store.sealBranch(id, address, now());
      continue;
    }
    const leaf = await store.sealLeaf(id, address.position, now());
    if (leaf !== undefined && needsClimb(leaf)) return expectLive(id, await climb(context, id, leaf));
  }
  return meta;
}

/**
 * Seals a stream: the root announces the total, then the nodes are closed. A settler that fills a node after the
 * announcement reads it; one that filled it before is seen by the write that closes the node.
 */
export async function sealFanIn(context: FanInContext, id: string, total: number): Promise<FanInMeta> {
  expectId('id', id);
  expectInteger('total', total, 0, MAX_ITEMS);
  let meta = await readLiveMeta(context, id);
  expectTotal(meta, total);

  if (meta.total === undefined) {
    await completeAllocation(context, meta);
    meta = await changeLiveMeta(context, id, { type: 'sealed', total, cutShort: false });
    expectTotal(meta, total);
  }
  return conclude(context, await repeatSeal(context, meta, total));
}
