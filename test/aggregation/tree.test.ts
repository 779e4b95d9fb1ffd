import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capacityOf,
  levelsBelowRoot,
  nodesAt,
  parentOf,
  positionsCovering,
  rightmostNodes,
  toIndex,
  toSlot,
  treeDepth,
} from '../../src/aggregation/tree.js';

const leafSizes = fc.integer({ min: 2, max: 256 });
const counts = fc.integer({ min: 1, max: 16_777_216 });

describe('tree', () => {
  it('is 1 deep up to a leaf, 2 up to a leaf of leaves, 3 up to the most items', () => {
    const depths = [0, 1, 256, 257, 65_536, 65_537, 16_777_216].map((items) => treeDepth(items, 256));
    expect(depths).toEqual([1, 1, 1, 2, 2, 3, 3]);
  });

  it('finds each index again from its leaf and offset', () => {
    fc.assert(
      fc.property(fc.nat(16_777_215), leafSizes, (index, leafSize) => {
        const { leaf, offset } = toSlot(index, leafSize);
        expect(offset).toBeLessThan(leafSize);
        expect(toIndex(leaf, offset, leafSize)).toBe(index);
      }),
    );
  });

  it('never gives the root more children than a node may have', () => {
    fc.assert(
      fc.property(counts, leafSizes, (items, leafSize) => {
        expect(nodesAt(levelsBelowRoot(items, leafSize) - 1, items, leafSize)).toBeLessThanOrEqual(leafSize);
      }),
    );
  });

  it('gives the nodes of a level exactly the children that the level below has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 2, max: 16 }), (items, leafSize) => {
        for (let level = 0; level < levelsBelowRoot(items, leafSize); level += 1) {
          const positions = positionsCovering(level, 0, items, leafSize);
          const children = positions.reduce(
            (sum, position) => sum + capacityOf({ level, position }, items, leafSize),
            0,
          );
          expect(children).toBe(level === 0 ? items : nodesAt(level - 1, items, leafSize));
        }
      }),
    );
  });

  it('covers a range with the nodes that hold any of its items, and with no others', () => {
    expect(positionsCovering(0, 255, 257, 256)).toEqual([0, 1]);
    expect(positionsCovering(0, 256, 512, 256)).toEqual([1]);
    expect(positionsCovering(1, 0, 65_537, 256)).toEqual([0, 1]);
    expect(positionsCovering(0, 7, 7, 256)).toEqual([]);
  });

  it('leads from any leaf to the root', () => {
    const levels = levelsBelowRoot(1_000, 4);
    let at = { level: 0, position: 249 };
    const path = [at];
    for (let above = parentOf(at, levels, 4); above !== undefined; above = parentOf(at, levels, 4)) {
      expect(above.offset).toBe(at.position % 4);
      at = above.parent;
      path.push(at);
    }
    expect(path.map(({ position }) => position)).toEqual([249, 62, 15, 3]);
  });

  it('closes the rightmost node of each level, leaves first', () => {
    expect(rightmostNodes(65_537, 2, 256)).toEqual([
      { level: 0, position: 256 },
      { level: 1, position: 1 },
    ]);
    expect(rightmostNodes(0, 1, 256)).toEqual([]);
  });
});
