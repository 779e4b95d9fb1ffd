import { type Item, readBool, readN, readNS, toBool, toN, toNS } from '../attributes.js';
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
import { outcomeStatuses } from './outcome.js';
import type { NodeAddress } from './tree.js';

export function encodeNode({ leafSize, capacity, sealed, eager, enough, expiresAt }: NewNode): Item {
  return {
    leafSize: toN(leafSize),
    capacity: toN(capacity),
    sealed: toBool(sealed),
    ...(eager ? { eager: toBool(true) } : {}),
    ...(enough === undefined ? {} : { enough: toN(enough) }),
    [TTL_ATTRIBUTE]: toN(expiresAt),
  };
}

function decodeState(address: NodeAddress, item: Item) {
  return {
    address,
    leafSize: readN(item, 'leafSize') ?? 0,
    capacity: readN(item, 'capacity') ?? 0,
    sealed: readBool(item, 'sealed'),
    eager: readBool(item, 'eager'),
    enough: readN(item, 'enough'),
    done: readNS(item, 'done'),
  };
}

export function decodeLeaf(position: number, item: Item): Leaf {
  const failures = Object.fromEntries(failureStatuses.map((status) => [status, readNS(item, status)]));
  return { ...decodeState({ level: 0, position }, item), failures: failures as Leaf['failures'] };
}

export function decodeBranch(address: NodeAddress, item: Item): Branch {
  const tally = Object.fromEntries(outcomeStatuses.map((status) => [status, readN(item, status) ?? 0]));
  return { ...decodeState(address, item), tally: tally as Tally };
}

export function growUpdate(capacity: number): ItemUpdate {
  return {
    update: 'SET #capacity = :capacity',
    condition: '#capacity < :capacity',
    values: { ':capacity': toN(capacity) },
    returns: 'ALL_NEW',
  };
}

export function sealUpdate(): ItemUpdate {
  return {
    update: 'SET #sealed = :sealed',
    condition: 'attribute_exists(#capacity)',
    values: { ':sealed': toBool(true) },
    returns: 'ALL_NEW',
  };
}

/**
 * One write for all offsets of a leaf: a unit of 1 KB, because 256 offsets measure 665 bytes. Only a failure needs
 * a condition of its own: adding a success that is done changes nothing.
 */
export function leafUpdate(write: LeafWrite, leafSize: number): ItemUpdate {
  const offsets = offsetsOf(write);
  const failed = failureStatuses.filter((status) => write[status].length > 0);
  const conditional = failed.flatMap((status) => write[status]);
  return {
    update: `ADD #done :done${failed.map((status) => `, #${status} :${status}`).join('')}`,
    condition: [
      '#leafSize = :leafSize AND #capacity > :last',
      ...conditional.map((offset) => `NOT contains(#done, :o${offset})`),
    ].join(' AND '),
    values: {
      ':done': toNS(offsets),
      ':leafSize': toN(leafSize),
      ':last': toN(Math.max(...offsets)),
      ...Object.fromEntries(failed.map((status) => [`:${status}`, toNS(write[status])])),
      ...Object.fromEntries(conditional.map((offset) => [`:o${offset}`, toN(offset)])),
    },
    returns: 'ALL_OLD',
  };
}

export function branchUpdate(offset: number, tally: Tally): ItemUpdate {
  return {
    update: `ADD #done :offsets${outcomeStatuses.map((status) => `, #${status} :${status}`).join('')}`,
    condition: '#capacity > :offset AND NOT contains(#done, :offset)',
    values: {
      ':offset': toN(offset),
      ':offsets': toNS([offset]),
      ...Object.fromEntries(outcomeStatuses.map((status) => [`:${status}`, toN(tally[status])])),
    },
    returns: 'ALL_NEW',
  };
}
