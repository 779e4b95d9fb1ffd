import { type Item, readN, readNS, readS, toN, toS } from '../attributes.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
import type { Decision, FanInMeta, Phase } from './fanInMeta.js';
import { outcomeStatuses } from './outcome.js';

const SHARDS = 8;
const MS_DIGITS = 15;

/** A sweep reads a few partitions instead of one hot one. */
function shardOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) % 65_521;
  return hash % SHARDS;
}

/** The index sorts by when a sweep should look: an opening and a decision at once, an open fan-in at its deadline. */
export const dueAt = (id: string, at: number) => toS(`${String(at).padStart(MS_DIGITS, '0')}#${key(id)}`);

/** The root as the attributes of its item. */
export function encodeMeta(meta: FanInMeta, now: number): Item {
  const { id, phase, leafSize, maxItems, total, allocated, deadlineAt, expiresAt } = meta;
  return {
    phase: toS(phase),
    leafSize: toN(leafSize),
    maxItems: toN(maxItems),
    allocated: toN(allocated),
    ...(total === undefined ? {} : { total: toN(total) }),
    ...(deadlineAt === undefined ? {} : { deadlineAt: toN(deadlineAt) }),
    [TTL_ATTRIBUTE]: toN(expiresAt),
    indexPk: toS(key('fanIn', shardOf(id))),
    indexSk: dueAt(id, now),
  };
}

export function decodeMeta(id: string, item: Item): FanInMeta {
  const tally = Object.fromEntries(outcomeStatuses.map((status) => [status, readN(item, status) ?? 0]));
  const allocationKey = readS(item, 'allocationKey');
  const decision = readS(item, 'decision');
  const owner = readS(item, 'leaseOwner');
  return {
    id,
    phase: readS(item, 'phase') as Phase,
    leafSize: readN(item, 'leafSize') ?? 0,
    maxItems: readN(item, 'maxItems') ?? 0,
    total: readN(item, 'total'),
    allocated: readN(item, 'allocated') ?? 0,
    lastAllocation:
      allocationKey === undefined
        ? undefined
        : {
            key: allocationKey,
            start: readN(item, 'allocationStart') ?? 0,
            end: readN(item, 'allocated') ?? 0,
          },
    deadlineAt: readN(item, 'deadlineAt'),
    expiresAt: readN(item, TTL_ATTRIBUTE) ?? 0,
    done: readNS(item, 'done'),
    tally: tally as FanInMeta['tally'],
    decision: decision === undefined ? undefined : (JSON.parse(decision) as Decision),
    lease: owner === undefined ? undefined : { owner, until: readN(item, 'leaseUntil') ?? 0 },
  };
}
