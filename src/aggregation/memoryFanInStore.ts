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

/** A map that forgets what has expired. */
function openShelf<T>(items: Shelf<T>) {
  return {
    get(name: string, now: number): Kept<T> | undefined {
      const item = items.get(name);
      return item !== undefined && item.expiresAt * 1_000 > now ? item : undefined;
    },
    live(now: number): T[] {
      return [...items.values()].filter(({ expiresAt }) => expiresAt * 1_000 > now).map(({ value }) => value);
    },
    set(name: string, item: Kept<T>): void {
      items.set(name, item);
    },
  };
}

const emptySets = { failed: new Set<number>(), timedOut: new Set<number>(), cancelled: new Set<number>() };
const nodeName = (id: string, { level, position }: NodeAddress) => key(id, level, position);

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
  const metas = openShelf(memory.metas);
  const leaves = openShelf(memory.leaves);
  const branches = openShelf(memory.branches);
  const texts = openShelf(memory.texts);
  const cursors = openShelf(memory.cursors);

  const shelfOf = (address: NodeAddress) => (address.level === 0 ? leaves : branches);
  const readNode = <T>(
    shelf: { get(name: string, now: number): Kept<T> | undefined },
    id: string,
    address: NodeAddress,
    now: number,
  ) => shelf.get(nodeName(id, address), now)?.value;

  return {
    async createMeta(meta, now) {
      const found = metas.get(meta.id, now)?.value;
      if (found === undefined) metas.set(meta.id, { value: meta, expiresAt: meta.expiresAt });
      return { applied: found === undefined, current: found ?? meta };
    },
    async readMeta(id, now) {
      return metas.get(id, now)?.value;
    },
    async changeMeta(id, change, now) {
      const found = metas.get(id, now)?.value;
      const changed = found && changeMeta(found, change);
      if (changed !== undefined) metas.set(id, { value: changed, expiresAt: changed.expiresAt });
      return { applied: changed !== undefined, current: changed ?? found };
    },

    async putDetails(id, text, expiresAt) {
      texts.set(key(id, 'details'), { value: text, expiresAt });
    },
    async readDetails(id, now) {
      return texts.get(key(id, 'details'), now)?.value;
    },

    async createNode(id, { expiresAt, ...node }, now) {
      const name = nodeName(id, node.address);
      if (shelfOf(node.address).get(name, now) !== undefined) return { applied: false };
      const fresh = { ...node, done: new Set<number>() };
      if (node.address.level === 0) leaves.set(name, { value: { ...fresh, failures: emptySets }, expiresAt });
      else branches.set(name, { value: { ...fresh, tally: emptyTally }, expiresAt });
      return { applied: true };
    },
    async growNode(id, address, capacity, now) {
      const grow = <T extends Leaf | Branch>(shelf: ReturnType<typeof openShelf<T>>) => {
        const found = shelf.get(nodeName(id, address), now);
        if (found === undefined || found.value.capacity >= capacity) return;
        shelf.set(nodeName(id, address), { ...found, value: { ...found.value, capacity } });
      };
      if (address.level === 0) grow(leaves);
      else grow(branches);
    },
    async sealLeaf(id, position, now) {
      const name = nodeName(id, { level: 0, position });
      const found = leaves.get(name, now);
      if (found === undefined) return undefined;
      const value = { ...found.value, sealed: true };
      leaves.set(name, { ...found, value });
      return value;
    },
    async sealBranch(id, address, now) {
      const found = branches.get(nodeName(id, address), now);
      if (found === undefined) return undefined;
      const value = { ...found.value, sealed: true };
      branches.set(nodeName(id, address), { ...found, value });
      return value;
    },
    async readLeaves(id, positions, now) {
      return positions.map((position) => readNode(leaves, id, { level: 0, position }, now));
    },
    async readBranches(id, level, positions, now) {
      return positions.map((position) => readNode(branches, id, { level, position }, now));
    },

    async addToLeaf(id, position, write, leafSize, now) {
      const name = nodeName(id, { level: 0, position });
      const found = leaves.get(name, now);
      if (found === undefined) return { applied: false, current: undefined };
      const applied = found.value.leafSize === leafSize && allowsWrite(found.value, write);
      if (applied) leaves.set(name, { ...found, value: addToLeaf(found.value, write) });
      return { applied, current: found.value };
    },
    async addToBranch(id, address, offset, tally, now) {
      const found = branches.get(nodeName(id, address), now);
      if (found === undefined) return { applied: false, current: undefined };
      const { done, capacity } = found.value;
      if (done.has(offset) || offset >= capacity) return { applied: false, current: found.value };
      const value = {
        ...found.value,
        done: new Set([...done, offset]),
        tally: addTallies(found.value.tally, tally),
      };
      branches.set(nodeName(id, address), { ...found, value });
      return { applied: true, current: value };
    },

    async keepRecord(id, name, text, expiresAt, now) {
      const found = texts.get(recordName(id, name), now)?.value;
      if (found === undefined) texts.set(recordName(id, name), { value: text, expiresAt });
      return found ?? text;
    },
    async readRecord(id, name, now) {
      return texts.get(recordName(id, name), now)?.value;
    },
    async *readResults(id, leaf, now) {
      const leafSize = metas.get(id, now)?.value.leafSize ?? 0;
      for (let offset = 0; offset < leafSize; offset += 1) {
        const text = texts.get(key(id, 'result', leaf, offset), now)?.value;
        if (text !== undefined) yield { offset, text };
      }
    },

    async listDue(limit, now) {
      return metas
        .live(now)
        .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .slice(0, limit)
        .map(({ id }) => id);
    },

    async readCursor(id, now) {
      return cursors.get(id, now)?.value ?? 0;
    },
    async advanceCursor(id, position, expiresAt, now) {
      const found = cursors.get(id, now)?.value ?? 0;
      if (position > found) cursors.set(id, { value: position, expiresAt });
    },
  };
}
