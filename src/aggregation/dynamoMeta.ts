import { MS_DIGITS, shardOf, sortableMs } from '../dynamoIndex.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
import type { Closing, CompletionLimits, Decision, Delivery, FanInMeta, Phase } from './fanInMeta.js';
import type { OutcomeStatus } from './outcome.js';

/** A sweep reads a few partitions instead of one hot one. */
const SHARDS = 8;

/** The partition of the index that a fan-in is in until it is delivered. */
export const indexPkOf = (id: string) => key('fanIn', shardOf(id, SHARDS));

/** Every partition of the index that a sweep reads. */
export const indexPartitions = Array.from({ length: SHARDS }, (_, shard) => key('fanIn', shard));

/** The index sorts by when a sweep should look; the id makes an entry unique, and is all that a sweep needs. */
export const indexSkOf = (id: string, dueAt: number) => `${sortableMs(dueAt)}#${id}`;

/** Sorts after every entry that is due at `now`, and before all later ones. */
export const dueUntil = (now: number) => sortableMs(now + 1);

export function decodeDue(indexSk: string): { readonly id: string; readonly dueAt: number } {
  return { id: indexSk.slice(MS_DIGITS + 1), dueAt: Number(indexSk.slice(0, MS_DIGITS)) };
}

/** The root as it is stored. */
type StoredMeta = {
  readonly phase: Phase;
  readonly leafSize: number;
  readonly maxItems: number;
  readonly allocated: number;
  readonly total?: number | undefined;
  readonly cutShort?: boolean;
  readonly allocationKey?: string;
  readonly allocationStart?: number;
  readonly limits?: string | undefined;
  readonly storeResults?: true | undefined;
  readonly deadlineAt?: number | undefined;
  readonly [TTL_ATTRIBUTE]: number;
  readonly indexPk?: string;
  readonly indexSk?: string | undefined;
  readonly done?: ReadonlySet<number>;
  readonly eagerFailures?: ReadonlySet<number>;
  readonly closing?: string;
  readonly decision?: string;
  readonly leaseOwner?: string;
  readonly leaseUntil?: number;
  readonly recipient?: string;
  readonly delivery?: Delivery;
} & { readonly [Status in OutcomeStatus]?: number };

export function encodeMeta(meta: FanInMeta): StoredMeta {
  const { id, phase, leafSize, maxItems, total, allocated, limits, storeResults, deadlineAt } = meta;
  return {
    phase,
    leafSize,
    maxItems,
    allocated,
    total,
    limits: Object.keys(limits).length === 0 ? undefined : JSON.stringify(limits),
    storeResults: storeResults || undefined,
    deadlineAt,
    [TTL_ATTRIBUTE]: meta.expiresAt,
    indexPk: indexPkOf(id),
    indexSk: meta.dueAt === undefined ? undefined : indexSkOf(id, meta.dueAt),
  };
}

const parse = <T>(text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as T));

export const decodeMeta =
  (id: string) =>
  (stored: StoredMeta): FanInMeta => {
    const { phase, leafSize, maxItems, total, cutShort = false, allocated, storeResults = false } = stored;
    const { allocationKey, allocationStart = 0, indexSk, leaseOwner, leaseUntil = 0 } = stored;
    const {
      succeeded = 0,
      failed = 0,
      timedOut = 0,
      cancelled = 0,
      deadlineAt,
      recipient,
      delivery,
    } = stored;
    return {
      id,
      phase,
      leafSize,
      maxItems,
      total,
      cutShort,
      allocated,
      lastAllocation:
        allocationKey === undefined
          ? undefined
          : { key: allocationKey, start: allocationStart, end: allocated },
      limits: parse<CompletionLimits>(stored.limits) ?? {},
      storeResults,
      deadlineAt,
      dueAt: indexSk === undefined ? undefined : decodeDue(indexSk).dueAt,
      expiresAt: stored[TTL_ATTRIBUTE],
      done: stored.done ?? new Set(),
      tally: { succeeded, failed, timedOut, cancelled },
      eagerFailures: stored.eagerFailures ?? new Set(),
      closing: parse<Closing>(stored.closing),
      decision: parse<Decision>(stored.decision),
      lease: leaseOwner === undefined ? undefined : { owner: leaseOwner, until: leaseUntil },
      recipient,
      delivery,
    };
  };
