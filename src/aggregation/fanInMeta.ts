import { addTallies, type Tally } from './fanInNode.js';
import type { CompletionReason, OutcomeCounts } from './outcome.js';
import { levelsBelowRoot, nodesAt } from './tree.js';

/** `opening` and `open` are one to the outside: only an opener cares whether the tree is whole. */
export type Phase = 'opening' | 'open' | 'decided' | 'delivered';

export interface Decision {
  readonly counts: OutcomeCounts;
  readonly completionReason: CompletionReason;
  readonly deliveryId: string;
  /** In epoch ms. */
  readonly decidedAt: number;
}

/** When a job may be decided before every item is settled. */
export interface CompletionLimits {
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
  readonly minSuccessful?: number;
}

/** Why nothing more is waited for: what is unsettled is being settled as timed out or cancelled. */
export interface Closing {
  readonly completionReason: 'DEADLINE_EXCEEDED' | 'CANCELLED';
  readonly message: string;
}

/** Whether the receiver said that it has the completion, or could only say that it has no use for it any more. */
export type Delivery = 'confirmed' | 'unknown';

export interface Allocation {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** The root of a fan-in: small, written at most once per full child. */
export interface FanInMeta {
  readonly id: string;
  readonly phase: Phase;
  readonly leafSize: number;
  /** The most items there can be; the total, where it was known at the opening. */
  readonly maxItems: number;
  /** The final number of items; `undefined` until the fan-in is sealed. */
  readonly total: number | undefined;
  /** Sealed by a deadline or a cancel, not by its publisher: who knows what else would have come. */
  readonly cutShort: boolean;
  /** How many indices are handed out. */
  readonly allocated: number;
  readonly lastAllocation: Allocation | undefined;
  readonly limits: CompletionLimits;
  /** Whether outcomes are stored with their values, by whoever settles. */
  readonly storeResults: boolean;
  /** In epoch ms. */
  readonly deadlineAt: number | undefined;
  /** When a sweep should look, in epoch ms; never again once it is delivered. */
  readonly dueAt: number | undefined;
  /** In epoch seconds: the same on every item of the fan-in. */
  readonly expiresAt: number;
  /** Positions of the children that are full. */
  readonly done: ReadonlySet<number>;
  /** The sum of what those children counted. */
  readonly tally: Tally;
  /** Indices of failures, kept here while few are tolerated, so that one too many shows at once. */
  readonly eagerFailures: ReadonlySet<number>;
  readonly closing: Closing | undefined;
  readonly decision: Decision | undefined;
  /** Who delivers, until when (epoch ms). */
  readonly lease: { readonly owner: string; readonly until: number } | undefined;
  /** The fingerprint of the task token that it is being, or was, delivered to. */
  readonly recipient: string | undefined;
  /** Once it is delivered. */
  readonly delivery: Delivery | undefined;
}

/** The largest threshold that is watched failure by failure; larger ones are checked as nodes fill. */
export const MAX_EAGER_FAILURES = 200;

/** One atomic, conditional write to the root; {@link changeMeta} says when each is allowed. */
export type MetaChange =
  | { readonly type: 'opened'; readonly dueAt: number }
  | {
      readonly type: 'allocated';
      readonly seen: Pick<FanInMeta, 'allocated' | 'lastAllocation'>;
      readonly allocation: Allocation;
    }
  | { readonly type: 'sealed'; readonly total: number; readonly cutShort: boolean }
  | { readonly type: 'rolledUp'; readonly offset: number; readonly tally: Tally }
  | { readonly type: 'failuresSeen'; readonly indices: readonly number[] }
  | { readonly type: 'closed'; readonly closing: Closing; readonly dueAt: number }
  | { readonly type: 'rescheduled'; readonly dueAt: number }
  | { readonly type: 'decided'; readonly decision: Decision; readonly dueAt: number }
  | {
      readonly type: 'leased';
      readonly owner: string;
      readonly now: number;
      readonly until: number;
      readonly recipient: string | undefined;
    }
  | { readonly type: 'released'; readonly owner: string }
  | {
      readonly type: 'delivered';
      readonly deliveryId: string;
      readonly recipient: string | undefined;
      readonly delivery: Delivery;
    }
  | { readonly type: 'readdressed'; readonly recipient: string; readonly dueAt: number };

/** Nobody delivers to a receiver once the root names another. */
const isFor = (meta: FanInMeta, recipient: string | undefined) =>
  meta.recipient === undefined || meta.recipient === recipient;

/** The root after a change, or `undefined` where the change is refused. */
export function changeMeta(meta: FanInMeta, change: MetaChange): FanInMeta | undefined {
  const undecided = meta.phase === 'opening' || meta.phase === 'open';
  switch (change.type) {
    case 'opened':
      return meta.phase === 'opening' ? { ...meta, phase: 'open', dueAt: change.dueAt } : undefined;
    case 'allocated': {
      const { seen, allocation } = change;
      const unchanged =
        meta.allocated === seen.allocated && meta.lastAllocation?.key === seen.lastAllocation?.key;
      if (!unchanged || meta.total !== undefined) return undefined;
      return { ...meta, allocated: allocation.end, lastAllocation: allocation };
    }
    case 'sealed':
      if (meta.allocated !== change.total || meta.total !== undefined) return undefined;
      return { ...meta, total: change.total, cutShort: change.cutShort };
    case 'rolledUp':
      if (meta.done.has(change.offset)) return undefined;
      return {
        ...meta,
        done: new Set([...meta.done, change.offset]),
        tally: addTallies(meta.tally, change.tally),
      };
    case 'failuresSeen':
      if (meta.eagerFailures.size > MAX_EAGER_FAILURES) return undefined;
      return { ...meta, eagerFailures: new Set([...meta.eagerFailures, ...change.indices]) };
    case 'closed':
      if (!undecided || meta.closing !== undefined) return undefined;
      return { ...meta, closing: change.closing, dueAt: change.dueAt };
    case 'rescheduled':
      return meta.phase === 'delivered' ? undefined : { ...meta, dueAt: change.dueAt };
    case 'decided':
      return undecided
        ? { ...meta, phase: 'decided', decision: change.decision, dueAt: change.dueAt }
        : undefined;
    case 'leased': {
      const { owner, now, until, recipient } = change;
      const free = meta.lease === undefined || meta.lease.until <= now || meta.lease.owner === owner;
      if (meta.phase !== 'decided' || !free || !isFor(meta, recipient)) return undefined;
      return { ...meta, lease: { owner, until }, recipient };
    }
    case 'released':
      return meta.lease?.owner === change.owner ? { ...meta, lease: undefined } : undefined;
    case 'delivered':
      if (meta.phase !== 'decided' || meta.decision?.deliveryId !== change.deliveryId) return undefined;
      if (!isFor(meta, change.recipient)) return undefined;
      return { ...meta, phase: 'delivered', dueAt: undefined, delivery: change.delivery };
    case 'readdressed':
      if (undecided || meta.recipient === change.recipient) return undefined;
      return {
        ...meta,
        phase: 'decided',
        dueAt: change.dueAt,
        lease: undefined,
        recipient: change.recipient,
        delivery: undefined,
      };
  }
}

/** How many levels of nodes stand below this root. */
export function levelsOf({ maxItems, leafSize }: FanInMeta): number {
  return levelsBelowRoot(maxItems, leafSize);
}

/** How many children this root has so far. */
export function rootChildren(meta: FanInMeta): number {
  return nodesAt(levelsOf(meta) - 1, meta.allocated, meta.leafSize);
}

/** Sealed, and every child full: the job is done. */
export function isRootFull(meta: FanInMeta): boolean {
  return meta.total !== undefined && meta.done.size === rootChildren(meta);
}
