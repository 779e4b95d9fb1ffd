import type { FanInContext } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import { statusAt } from './fanInNode.js';
import type { OutcomeStatus } from './outcome.js';
import { capacityOf, toIndex } from './tree.js';
import { walkTree } from './walkTree.js';

/** The indices that were handed out and whose bucket `wanted` accepts, ascending. */
export async function* indicesOf(
  context: FanInContext,
  meta: FanInMeta,
  unfinishedOnly: boolean,
  wanted: (status: OutcomeStatus | undefined) => boolean,
): AsyncGenerator<number> {
  for await (const visited of walkTree(context, meta, { unfinishedOnly })) {
    if ('tally' in visited) continue;
    const { position, leaf } = visited;
    const capacity = capacityOf({ level: 0, position }, meta.allocated, meta.leafSize);
    for (let offset = 0; offset < capacity; offset += 1) {
      if (wanted(leaf && statusAt(leaf, offset))) yield toIndex(position, offset, meta.leafSize);
    }
  }
}
