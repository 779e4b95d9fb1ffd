import type { FanInContext } from './fanInContext.js';
import { type FanInMeta, levelsOf, rootChildren } from './fanInMeta.js';
import { addTallies, emptyTally, type Leaf, type Tally, tallyLeaf } from './fanInNode.js';
import { type OutcomeCounts, toOutcomeCounts } from './outcome.js';
import { nodesAt } from './tree.js';

/** DynamoDB reads at most this many items in one call. */
const PAGE = 100;

/** What a walk meets: a leaf (`undefined` where it is not made yet), or the sum of children that it need not visit;
 * `firstLeaf` is given where a branch is full and its parent does not know. */
export type Visited =
  | { readonly position: number; readonly leaf: Leaf | undefined }
  | { readonly tally: Tally; readonly firstLeaf?: number };

interface WalkOptions {
  /** Passes over the full subtrees, whose tallies their parents hold. */
  readonly unfinishedOnly: boolean;
}

/** Visits the leaves in ascending order, reading a page of nodes at a time. */
export async function* walkTree(
  context: FanInContext,
  meta: FanInMeta,
  { unfinishedOnly }: WalkOptions,
): AsyncGenerator<Visited> {
  const { store, now } = context;
  const { id, leafSize, allocated } = meta;

  async function* visit(level: number, positions: readonly number[]): AsyncGenerator<Visited> {
    for (let start = 0; start < positions.length; start += PAGE) {
      const page = positions.slice(start, start + PAGE);
      if (level === 0) {
        const leaves = await store.readLeaves(id, page, now());
        for (const [i, position] of page.entries()) yield { position, leaf: leaves[i] };
        continue;
      }
      const branches = await store.readBranches(id, level, page, now());
      for (const [i, position] of page.entries()) {
        const branch = branches[i];
        const children = Math.min(leafSize, nodesAt(level - 1, allocated, leafSize) - position * leafSize);
        const offsets = Array.from({ length: children }, (_, offset) => offset);
        const wanted = offsets.filter((offset) => !unfinishedOnly || !branch?.done.has(offset));
        if (unfinishedOnly && branch !== undefined) {
          const firstLeaf = position * leafSize ** level;
          yield { tally: branch.tally, ...(wanted.length === 0 ? { firstLeaf } : {}) };
        }
        yield* visit(
          level - 1,
          wanted.map((offset) => position * leafSize + offset),
        );
      }
    }
  }

  if (unfinishedOnly) yield { tally: meta.tally };
  const children = Array.from({ length: rootChildren(meta) }, (_, position) => position);
  yield* visit(
    levelsOf(meta) - 1,
    children.filter((position) => !unfinishedOnly || !meta.done.has(position)),
  );
}

/** How many items are settled right now, by bucket, of how many. */
export async function countSettled(context: FanInContext, meta: FanInMeta): Promise<OutcomeCounts> {
  let sum = emptyTally;
  for await (const visited of walkTree(context, meta, { unfinishedOnly: true })) {
    if ('tally' in visited) sum = addTallies(sum, visited.tally);
    else if (visited.leaf !== undefined) sum = addTallies(sum, tallyLeaf(visited.leaf));
  }
  if (meta.total !== undefined) return toOutcomeCounts(meta.total, sum);
  // A stream may have grown during the walk: what the walk met was handed out before this read, not before it began.
  const { total, allocated } = (await context.store.readMeta(meta.id, context.now())) ?? meta;
  return toOutcomeCounts(total ?? allocated, sum);
}
