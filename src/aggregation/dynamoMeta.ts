import { type Item, readBool, readN, readNS, readS, toBool, toN, toS } from '../attributes.js';
import { MS_DIGITS, shardOf, sortableMs } from '../dynamoIndex.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
import type { Closing, CompletionLimits, Decision, Delivery, FanInMeta, Phase } from './fanInMeta.js';
import { outcomeStatuses } from './outcome.js';

/** A sweep reads a few partitions instead of one hot one. */
const SHARDS = 8;

/** The partition of the index that a fan-in is in until it is delivered. */
export const encodeIndexPk = (id: string) => toS(key('fanIn', shardOf(id, SHARDS)));

/** Every partition of the index that a sweep reads. */
export const indexPartitions = Array.from({ length: SHARDS }, (_, shard) => key('fanIn', shard));

/** The index sorts by when a sweep should look; the id makes an entry unique, and is all that a sweep needs. */
export const encodeDueAt = (id: string, at: number) => toS(`${sortableMs(at)}#${id}`);

/** Sorts after every entry that is due at `now`, and before all later ones. */
export const dueUntil = (now: number) => sortableMs(now + 1);

export function decodeDue(indexSk: string): { readonly id: string; readonly dueAt: number } {
  return { id: indexSk.slice(MS_DIGITS + 1), dueAt: Number(indexSk.slice(0, MS_DIGITS)) };
}

/** The root as the attributes of its item. */
export function encodeMeta(meta: FanInMeta): Item {
  const { id, phase, leafSize, maxItems, total, allocated, limits, storeResults, deadlineAt, expiresAt } =
    meta;
  return {
    phase: toS(phase),
    leafSize: toN(leafSize),
    maxItems: toN(maxItems),
    allocated: toN(allocated),
    ...(total === undefined ? {} : { total: toN(total) }),
    ...(Object.keys(limits).length === 0 ? {} : { limits: toS(JSON.stringify(limits)) }),
    ...(storeResults ? { storeResults: toBool(true) } : {}),
    ...(deadlineAt === undefined ? {} : { deadlineAt: toN(deadlineAt) }),
    [TTL_ATTRIBUTE]: toN(expiresAt),
    indexPk: encodeIndexPk(id),
    ...(meta.dueAt === undefined ? {} : { indexSk: encodeDueAt(id, meta.dueAt) }),
  };
}

export function decodeMeta(id: string, item: Item): FanInMeta {
  const tally = Object.fromEntries(outcomeStatuses.map((status) => [status, readN(item, status) ?? 0]));
  const allocationKey = readS(item, 'allocationKey');
  const decision = readS(item, 'decision');
  const closing = readS(item, 'closing');
  const indexSk = readS(item, 'indexSk');
  const owner = readS(item, 'leaseOwner');
  return {
    id,
    phase: readS(item, 'phase') as Phase,
    leafSize: readN(item, 'leafSize') ?? 0,
    maxItems: readN(item, 'maxItems') ?? 0,
    total: readN(item, 'total'),
    cutShort: readBool(item, 'cutShort'),
    allocated: readN(item, 'allocated') ?? 0,
    lastAllocation:
      allocationKey === undefined
        ? undefined
        : {
            key: allocationKey,
            start: readN(item, 'allocationStart') ?? 0,
            end: readN(item, 'allocated') ?? 0,
          },
    limits: JSON.parse(readS(item, 'limits') ?? '{}') as CompletionLimits,
    storeResults: readBool(item, 'storeResults'),
    deadlineAt: readN(item, 'deadlineAt'),
    dueAt: indexSk === undefined ? undefined : decodeDue(indexSk).dueAt,
    expiresAt: readN(item, TTL_ATTRIBUTE) ?? 0,
    done: readNS(item, 'done'),
    tally: tally as FanInMeta['tally'],
    eagerFailures: readNS(item, 'eagerFailures'),
    closing: closing === undefined ? undefined : (JSON.parse(closing) as Closing),
    decision: decision === undefined ? undefined : (JSON.parse(decision) as Decision),
    lease: owner === undefined ? undefined : { owner, until: readN(item, 'leaseUntil') ?? 0 },
    recipient: readS(item, 'recipient'),
    delivery: readS(item, 'delivery') as Delivery | undefined,
  };
}
