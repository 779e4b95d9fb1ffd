import type { FanInMeta } from '../../src/aggregation/fanInMeta.js';
import type { Branch, Leaf } from '../../src/aggregation/fanInNode.js';
import type { FanInStore } from '../../src/aggregation/fanInStore.js';

/** What a job writes, in DynamoDB's terms. */
export interface Meter {
  readonly store: FanInStore;
  writeUnits(): number;
  writes(): number;
  /** Strongly consistent, one for each item of at most 4 KB. */
  readUnits(): number;
  /** The most writes that one key took within one virtual second, and which key that was. */
  hottest(): { readonly key: string; readonly perSecond: number };
}

/** As DynamoDB measures a number: half a byte a digit, and one. */
const numberBytes = (value: number) => Math.ceil(String(value).length / 2) + 1;

function setBytes(set: ReadonlySet<number>): number {
  let bytes = set.size === 0 ? 0 : 3;
  for (const value of set) bytes += numberBytes(value);
  return bytes;
}

/** Names, keys and numbers of a node, and of a root with its decision: an upper estimate. */
const NODE_BYTES = 160;
const META_BYTES = 420;

const units = (bytes: number) => Math.ceil(bytes / 1_024);
const leafUnits = ({ done, failures }: Leaf) =>
  units(
    NODE_BYTES +
      setBytes(done) +
      setBytes(failures.failed) +
      setBytes(failures.timedOut) +
      setBytes(failures.cancelled),
  );
const branchUnits = ({ done }: Branch) => units(NODE_BYTES + setBytes(done));
const metaUnits = ({ done, eagerFailures }: FanInMeta) =>
  units(META_BYTES + setBytes(done) + setBytes(eagerFailures));

/** A store whose writes are counted; a refused one costs as much as one that is applied. */
export function meterStore(store: FanInStore, now: () => number): Meter {
  let writeUnits = 0;
  let writes = 0;
  let readUnits = 0;
  let hottest = { key: '', perSecond: 0 };
  let second = 0;
  let counts = new Map<string, number>();

  function count(key: string, cost: number): void {
    writes += 1;
    writeUnits += cost;
    const current = Math.floor(now() / 1_000);
    if (current !== second) {
      second = current;
      counts = new Map();
    }
    const perSecond = (counts.get(key) ?? 0) + 1;
    counts.set(key, perSecond);
    if (perSecond > hottest.perSecond) hottest = { key, perSecond };
  }

  return {
    store: {
      ...store,
      async createMeta(...args) {
        count('root', 1);
        return store.createMeta(...args);
      },
      async changeMeta(...args) {
        const written = await store.changeMeta(...args);
        count('root', written.current === undefined ? 1 : metaUnits(written.current));
        return written;
      },
      async putDetails(...args) {
        count('details', 1);
        return store.putDetails(...args);
      },
      async createNode(id, node, at) {
        count(`${node.address.level}/${node.address.position}`, 1);
        return store.createNode(id, node, at);
      },
      async growNode(id, address, ...rest) {
        count(`${address.level}/${address.position}`, 1);
        return store.growNode(id, address, ...rest);
      },
      async sealLeaf(id, position, at) {
        count(`0/${position}`, 1);
        return store.sealLeaf(id, position, at);
      },
      async sealBranch(id, address, at) {
        count(`${address.level}/${address.position}`, 1);
        return store.sealBranch(id, address, at);
      },
      async addToLeaf(id, position, ...rest) {
        const written = await store.addToLeaf(id, position, ...rest);
        count(`0/${position}`, written.current === undefined ? 1 : leafUnits(written.current));
        return written;
      },
      async addToBranch(id, address, ...rest) {
        const written = await store.addToBranch(id, address, ...rest);
        const cost = written.current === undefined ? 1 : branchUnits(written.current);
        count(`${address.level}/${address.position}`, cost);
        return written;
      },
      async readMeta(...args) {
        readUnits += 1;
        return store.readMeta(...args);
      },
      async readDetails(...args) {
        readUnits += 1;
        return store.readDetails(...args);
      },
      async readLeaves(id, positions, now) {
        readUnits += positions.length;
        return store.readLeaves(id, positions, now);
      },
      async readBranches(id, level, positions, now) {
        readUnits += positions.length;
        return store.readBranches(id, level, positions, now);
      },
      async advanceCursor(...args) {
        count('cursor', 1);
        return store.advanceCursor(...args);
      },
    },
    writeUnits: () => writeUnits,
    writes: () => writes,
    readUnits: () => readUnits,
    hottest: () => hottest,
  };
}
