import type { ItemUpdate } from '../dynamoItem.js';
import { TTL_ATTRIBUTE } from '../table.js';
import {
  type Branch,
  failureStatuses,
  type Leaf,
  type LeafWrite,
  offsetsOf,
  type Tally,
} from './fanInNode.js';
import type { NewNode } from './fanInStore.js';
import { type OutcomeStatus, outcomeStatuses } from './outcome.js';
import type { NodeAddress } from './tree.js';

/** A node as it is stored. */
type StoredNode = {
  readonly leafSize: number;
  readonly capacity: number;
  readonly sealed: boolean;
  readonly eager?: true | undefined;
  readonly enough?: number | undefined;
  readonly [TTL_ATTRIBUTE]: number;
  readonly done?: ReadonlySet<number>;
};
/** Of a leaf, the offsets in each bucket; what is done and in none of them succeeded. */
type StoredLeaf = StoredNode & { readonly [Status in OutcomeStatus]?: ReadonlySet<number> };
type StoredBranch = StoredNode & { readonly [Status in OutcomeStatus]?: number };

export function encodeNode({ leafSize, capacity, sealed, eager, enough, expiresAt }: NewNode): StoredNode {
  return { leafSize, capacity, sealed, eager: eager || undefined, enough, [TTL_ATTRIBUTE]: expiresAt };
}

function decodeState(address: NodeAddress, stored: StoredNode) {
  const { leafSize, capacity, sealed, eager = false, enough, done = new Set() } = stored;
  return { address, leafSize, capacity, sealed, eager, enough, done };
}

export const decodeLeaf =
  (position: number) =>
  (stored: StoredLeaf): Leaf => {
    const { failed = new Set(), timedOut = new Set(), cancelled = new Set() } = stored;
    return { ...decodeState({ level: 0, position }, stored), failures: { failed, timedOut, cancelled } };
  };

export const decodeBranch =
  (address: NodeAddress) =>
  (stored: StoredBranch): Branch => {
    const { succeeded = 0, failed = 0, timedOut = 0, cancelled = 0 } = stored;
    return { ...decodeState(address, stored), tally: { succeeded, failed, timedOut, cancelled } };
  };

export function growUpdate(capacity: number): ItemUpdate {
  return { update: 'SET #capacity = :capacity', condition: '#capacity < :capacity', values: { capacity } };
}

export const sealUpdate: ItemUpdate = {
  update: 'SET #sealed = :sealed',
  condition: 'attribute_exists(#capacity)',
  values: { sealed: true },
};

/** What adds to `done`, and to the buckets. */
const addition = (statuses: readonly OutcomeStatus[]) =>
  `ADD #done :done${statuses.map((status) => `, #${status} :${status}`).join('')}`;

/**
 * One write for all offsets of a leaf: a unit of 1 KB, because 256 offsets measure 665 bytes. Only a failure needs
 * a condition of its own: adding a success that is done changes nothing.
 */
export function leafUpdate(write: LeafWrite, leafSize: number): ItemUpdate {
  const offsets = offsetsOf(write);
  const failed = failureStatuses.filter((status) => write[status].length > 0);
  const conditional = failed.flatMap((status) => write[status]);
  return {
    update: addition(failed),
    condition: [
      '#leafSize = :leafSize AND #capacity > :last',
      ...conditional.map((offset) => `NOT contains(#done, :o${offset})`),
    ].join(' AND '),
    values: {
      done: new Set(offsets),
      leafSize,
      last: Math.max(...offsets),
      ...Object.fromEntries(failed.map((status) => [status, new Set(write[status])])),
      ...Object.fromEntries(conditional.map((offset) => [`o${offset}`, offset])),
    },
    returns: 'ALL_OLD',
  };
}

/** What adds a full child with its tally to its parent, once. */
export function childUpdate(offset: number, tally: Tally): ItemUpdate {
  return {
    update: addition(outcomeStatuses),
    condition: 'NOT contains(#done, :offset)',
    values: { ...tally, offset, done: new Set([offset]) },
  };
}

export function branchUpdate(offset: number, tally: Tally): ItemUpdate {
  const update = childUpdate(offset, tally);
  return { ...update, condition: `#capacity > :offset AND ${update.condition}` };
}
