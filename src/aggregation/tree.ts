/** A node of the counting tree: leaves are level 0, the root is above the highest level and has no address. */
export interface NodeAddress {
  readonly level: number;
  /** Counted from 0 within the level. */
  readonly position: number;
}

/** Where an item stands: its leaf, and its offset within that leaf. */
export interface ItemSlot {
  readonly leaf: number;
  readonly offset: number;
}

/** The leaf and offset of an index. */
export function toSlot(index: number, leafSize: number): ItemSlot {
  return { leaf: Math.floor(index / leafSize), offset: index % leafSize };
}

/** The index of an offset in a leaf: the inverse of {@link toSlot}. */
export function toIndex(leaf: number, offset: number, leafSize: number): number {
  return leaf * leafSize + offset;
}

/** How often `items` can be divided by the leaf size: 1 up to one leaf, 2 up to a leaf of leaves, and so on. */
export function treeDepth(items: number, leafSize: number): number {
  let depth = 1;
  for (let reach = leafSize; reach < items; reach *= leafSize) depth += 1;
  return depth;
}

/**
 * How many levels of nodes stand below the root. The root takes the place of the topmost level, but is never a leaf:
 * up to a leaf of leaves there is one level of leaves below it.
 */
export function levelsBelowRoot(maxItems: number, leafSize: number): number {
  return Math.max(1, treeDepth(maxItems, leafSize) - 1);
}

/** How many nodes of a level `items` items need. */
export function nodesAt(level: number, items: number, leafSize: number): number {
  return Math.ceil(items / leafSize ** (level + 1));
}

/** How many children (items, for a leaf) a node has once `items` items are handed out. */
export function capacityOf({ level, position }: NodeAddress, items: number, leafSize: number): number {
  const children = level === 0 ? items : nodesAt(level - 1, items, leafSize);
  return Math.max(0, Math.min(leafSize, children - position * leafSize));
}

/** The node that a full node is added to, and the offset that it has there; `undefined` when that is the root. */
export function parentOf(
  node: NodeAddress,
  levels: number,
  leafSize: number,
): { parent: NodeAddress; offset: number } | undefined {
  if (node.level === levels - 1) return undefined;
  const { leaf, offset } = toSlot(node.position, leafSize);
  return { parent: { level: node.level + 1, position: leaf }, offset };
}

/** The positions of the nodes of a level that items `start` to `end` (exclusive) live under, ascending. */
export function positionsCovering(level: number, start: number, end: number, leafSize: number): number[] {
  const width = leafSize ** (level + 1);
  const first = Math.floor(start / width);
  return end <= start ? [] : Array.from({ length: Math.ceil(end / width) - first }, (_, i) => first + i);
}

/** The rightmost node of each level, leaves first: what a seal must close. */
export function rightmostNodes(items: number, levels: number, leafSize: number): NodeAddress[] {
  if (items === 0) return [];
  return Array.from({ length: levels }, (_, level) => ({
    level,
    position: nodesAt(level, items, leafSize) - 1,
  }));
}
