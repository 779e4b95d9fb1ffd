import type { FanInMeta, MetaChange } from './fanInMeta.js';
import type { Branch, Leaf, LeafWrite, Tally } from './fanInNode.js';
import type { NodeAddress } from './tree.js';

/** Which write-once record of a fan-in. */
export type RecordName =
  | { readonly kind: 'result'; readonly leaf: number; readonly offset: number }
  | { readonly kind: 'allocation'; readonly key: string }
  | { readonly kind: 'failure'; readonly index: number };

/** The answer of a conditional write. `current` is what stands there now; `undefined` when there is nothing. */
export interface Written<T> {
  readonly applied: boolean;
  readonly current: T | undefined;
}

/** What a node starts as. */
export interface NewNode {
  readonly address: NodeAddress;
  readonly leafSize: number;
  readonly capacity: number;
  readonly sealed: boolean;
  readonly eager: boolean;
  readonly enough: number | undefined;
  readonly expiresAt: number;
}

/**
 * Where a fan-in lives. Each method is one atomic call on one item, strongly consistent, so that a caller can die
 * between any two of them. A refused condition is an answer, not an error; a call that throws may have been applied.
 * `now` is in epoch ms: an item whose `expiresAt` is not after it is gone, whether it has been deleted yet or not.
 */
export interface FanInStore {
  /** Puts the root where there is none; answers with the one that stands there. */
  createMeta(meta: FanInMeta, now: number): Promise<Written<FanInMeta>>;
  readMeta(id: string, now: number): Promise<FanInMeta | undefined>;
  changeMeta(id: string, change: MetaChange, now: number): Promise<Written<FanInMeta>>;

  /** The text that travels with the fan-in beside its root (task token and metadata); replaces an earlier one. */
  putDetails(id: string, text: string, expiresAt: number): Promise<void>;
  readDetails(id: string, now: number): Promise<string | undefined>;

  /** Puts a node where there is none; `applied: false` where there was. */
  createNode(id: string, node: NewNode, now: number): Promise<{ readonly applied: boolean }>;
  /** Raises a node's capacity; never lowers it. */
  growNode(id: string, address: NodeAddress, capacity: number, now: number): Promise<void>;
  /** Marks a node as final; answers with the node as it is now. */
  sealLeaf(id: string, position: number, now: number): Promise<Leaf | undefined>;
  sealBranch(id: string, address: NodeAddress, now: number): Promise<Branch | undefined>;
  /** The nodes at `positions` of level 0, in that order. */
  readLeaves(id: string, positions: readonly number[], now: number): Promise<(Leaf | undefined)[]>;
  readBranches(
    id: string,
    level: number,
    positions: readonly number[],
    now: number,
  ): Promise<(Branch | undefined)[]>;

  /** Adds settled offsets to a leaf. Unlike the other writes it answers with the leaf *before* the write when applied. */
  addToLeaf(
    id: string,
    position: number,
    write: LeafWrite,
    leafSize: number,
    now: number,
  ): Promise<Written<Leaf>>;
  /** Adds a full child with its tally to a branch, once; answers with the branch as it is now. */
  addToBranch(
    id: string,
    address: NodeAddress,
    offset: number,
    tally: Tally,
    now: number,
  ): Promise<Written<Branch>>;

  /** Keeps a text under a name, once; answers with the text that stands there. */
  keepRecord(id: string, name: RecordName, text: string, expiresAt: number, now: number): Promise<string>;
  readRecord(id: string, name: RecordName, now: number): Promise<string | undefined>;
  /** The results kept for one leaf, by offset, ascending. */
  readResults(
    id: string,
    leaf: number,
    now: number,
  ): AsyncIterable<{ readonly offset: number; readonly text: string }>;

  /** The ids of at most `limit` fan-ins whose `dueAt` has come, the longest due first; eventually consistent. */
  listDue(limit: number, now: number): Promise<string[]>;

  readCursor(id: string, now: number): Promise<number>;
  /** Moves the cursor forward; never back. */
  advanceCursor(id: string, position: number, expiresAt: number, now: number): Promise<void>;
}
