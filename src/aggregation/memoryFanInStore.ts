import { openShelf } from '../openShelf.js';
import { key } from '../table.js';
import { changeMeta, type FanInMeta } from './fanInMeta.js';
import { addTallies, addToLeaf, allowsWrite, type Branch, emptyTally, type Leaf } from './fanInNode.js';
import type { FanInStore, RecordName } from './fanInStore.js';
import type { NodeAddress } from './tree.js';

interface Kept<T> {
  readonly value: T;
  readonly expiresAt: number;
}

type Shelf<T> = Map<string, Kept<T>>;

/** What a memory store holds. Its values are never changed in place, so that copying the maps copies it all. */
export interface FanInMemory {
  readonly metas: Shelf<FanInMeta>;
  readonly leaves: Shelf<Leaf>;
  readonly branches: Shelf<Branch>;
  readonly texts: Shelf<string>;
  readonly cursors: Shelf<number>;
}

export function createFanInMemory(): FanInMemory {
  return {
    metas: new Map(),
    leaves: new Map(),
    branches: new Map(),
    texts: new Map(),
    cursors: new Map(),
  };
}

/** A shelf of values that do not say themselves when they expire. */
function openKept<T>(items: Shelf<T>) {
  const shelf = openShelf(items);
  const valueIn = ({ applied, current }: ReturnType<typeof shelf.create>) => ({
    applied,
    current: current?.value,
  });
  return {
    get: (name: string, now: number) => shelf.get(name, now)?.value,
    live: (now: number) => shelf.live(now).map(({ value }) => value),
    create: (name: string, value: T, expiresAt: number, now: number) =>
      valueIn(shelf.create(name, { value, expiresAt }, now)),
    change: (name: string, now: number, change: (value: T) => T | undefined) =>
      valueIn(
        shelf.change(name, now, (kept) => {
          const value = change(kept.value);
          return value === undefined ? undefined : { ...kept, value };
        }),
      ),
  };
}

const emptySets = { failed: new Set<number>(), timedOut: new Set<number>(), cancelled: new Set<number>() };
const nodeName = (id: string, { level, position }: NodeAddress) => key(id, level, position);
const leafName = (id: string, position: number) => nodeName(id, { level: 0, position });
const seal = <N extends Leaf | Branch>(node: N) => ({ ...node, sealed: true });

function recordName(id: string, name: RecordName): string {
  if (name.kind === 'result') return key(id, 'result', name.leaf, name.offset);
  return name.kind === 'allocation' ? key(id, 'allocation', name.key) : key(id, 'failure', name.index);
}

/**
 * A fan-in store in this process's memory, for tests and for jobs that live and die with one process. It obeys the
 * same contract suite as the DynamoDB store.
 *
 * @example
 * ```ts
 * const fanIn = createFanIn({ store: memoryFanInStore(), onComplete: (summary) => console.log(summary.counts) });
 * ```
 */
export function memoryFanInStore(memory: FanInMemory = createFanInMemory()): FanInStore {
  const metas = openKept(memory.metas);
  const leaves = openKept(memory.leaves);
  const branches = openKept(memory.branches);
  const texts = openKept(memory.texts);
  const cursors = openKept(memory.cursors);

  return {
    createMeta: async (meta, now) => metas.create(meta.id, meta, meta.expiresAt, now),
    readMeta: async (id, now) => metas.get(id, now),
    changeMeta: async (id, change, now) => metas.change(id, now, (meta) => changeMeta(meta, change)),
    async putDetails(id, text, expiresAt) {
      memory.texts.set(key(id, 'details'), { value: text, expiresAt });
    },
    readDetails: async (id, now) => texts.get(key(id, 'details'), now),

    async createNode(id, { expiresAt, ...node }, now) {
      const name = nodeName(id, node.address);
      const fresh = { ...node, done: new Set<number>() };
      const { applied } =
        node.address.level === 0
          ? leaves.create(name, { ...fresh, failures: emptySets }, expiresAt, now)
          : branches.create(name, { ...fresh, tally: emptyTally }, expiresAt, now);
      return { applied };
    },
    async growNode(id, address, capacity, now) {
      const grow = <N extends Leaf | Branch>(node: N) =>
        node.capacity < capacity ? { ...node, capacity } : undefined;
      if (address.level === 0) leaves.change(nodeName(id, address), now, grow);
      else branches.change(nodeName(id, address), now, grow);
    },
    sealLeaf: async (id, position, now) => leaves.change(leafName(id, position), now, seal).current,
    sealBranch: async (id, address, now) => branches.change(nodeName(id, address), now, seal).current,
    readLeaves: async (id, positions, now) =>
      positions.map((position) => leaves.get(leafName(id, position), now)),
    readBranches: async (id, level, positions, now) =>
      positions.map((position) => branches.get(nodeName(id, { level, position }), now)),

    async addToLeaf(id, position, write, leafSize, now) {
      const name = leafName(id, position);
      const before = leaves.get(name, now);
      const { applied } = leaves.change(name, now, (leaf) =>
        leaf.leafSize === leafSize && allowsWrite(leaf, write) ? addToLeaf(leaf, write) : undefined,
      );
      return { applied, current: before };
    },
    addToBranch: async (id, address, offset, tally, now) =>
      branches.change(nodeName(id, address), now, (branch) =>
        branch.done.has(offset) || offset >= branch.capacity
          ? undefined
          : { ...branch, done: new Set([...branch.done, offset]), tally: addTallies(branch.tally, tally) },
      ),

    keepRecord: async (id, name, text, expiresAt, now) =>
      texts.create(recordName(id, name), text, expiresAt, now).current ?? text,
    readRecord: async (id, name, now) => texts.get(recordName(id, name), now),
    async *readResults(id, leaf, now) {
      const leafSize = metas.get(id, now)?.leafSize ?? 0;
      for (let offset = 0; offset < leafSize; offset += 1) {
        const text = texts.get(key(id, 'result', leaf, offset), now);
        if (text !== undefined) yield { offset, text };
      }
    },

    listDue: async (limit, now) =>
      metas
        .live(now)
        .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .slice(0, limit)
        .map(({ id }) => id),

    readCursor: async (id, now) => cursors.get(id, now) ?? 0,
    async advanceCursor(id, position, expiresAt, now) {
      const { applied } = cursors.create(id, position, expiresAt, now);
      if (!applied) cursors.change(id, now, (found) => (found < position ? position : undefined));
    },
  };
}
