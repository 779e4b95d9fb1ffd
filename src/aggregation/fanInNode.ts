import { type OutcomeStatus, outcomeStatuses } from './outcome.js';
import type { NodeAddress } from './tree.js';

/** How many items ended in each bucket. */
export type Tally = Readonly<Record<OutcomeStatus, number>>;

export const emptyTally: Tally = { succeeded: 0, failed: 0, timedOut: 0, cancelled: 0 };

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    timedOut: a.timedOut + b.timedOut,
    cancelled: a.cancelled + b.cancelled,
  };
}

/** The buckets that a leaf holds a set for; what is done and in none of them succeeded. */
export const failureStatuses = ['failed', 'timedOut', 'cancelled'] as const;
export type FailureStatus = (typeof failureStatuses)[number];

interface NodeState {
  readonly address: NodeAddress;
  readonly leafSize: number;
  /** How many children it has so far; no offset at or above it is ever accepted. */
  readonly capacity: number;
  /** No more children will come; a node of `leafSize` children counts as sealed. */
  readonly sealed: boolean;
  /** Failures are told to the root one by one: few are tolerated. */
  readonly eager: boolean;
  /** So many successes decide the job; set where one leaf can hold them. */
  readonly enough: number | undefined;
  /** The offsets of the children that are settled (leaf) or full (branch). */
  readonly done: ReadonlySet<number>;
}

/** A leaf knows each of its items. */
export interface Leaf extends NodeState {
  readonly failures: Readonly<Record<FailureStatus, ReadonlySet<number>>>;
}

/** A branch knows each full child and the sum of their tallies. */
export interface Branch extends NodeState {
  readonly tally: Tally;
}

/** Settled offsets of one leaf, by bucket, without repeats. */
export type LeafWrite = Readonly<Record<OutcomeStatus, readonly number[]>>;

/** A full node is frozen: every offset below its capacity is present, and the capacity can no longer grow. */
export function isFull(node: NodeState): boolean {
  return node.done.size === node.capacity && (node.sealed || node.capacity === node.leafSize);
}

/** All children are done, but more may come: only the root knows whether the fan-in has been sealed. */
export function awaitsSeal(node: NodeState): boolean {
  return node.done.size === node.capacity && !isFull(node);
}

/** What a leaf adds to its parent. */
export function tallyLeaf({ done, failures }: Leaf): Tally {
  const [failed, timedOut, cancelled] = [
    failures.failed.size,
    failures.timedOut.size,
    failures.cancelled.size,
  ];
  return { succeeded: done.size - failed - timedOut - cancelled, failed, timedOut, cancelled };
}

/** The bucket of an offset; `undefined` while it is unsettled. */
export function statusAt({ done, failures }: Leaf, offset: number): OutcomeStatus | undefined {
  if (!done.has(offset)) return undefined;
  return failureStatuses.find((status) => failures[status].has(offset)) ?? 'succeeded';
}

/** A leaf after a write that was allowed. */
export function addToLeaf(leaf: Leaf, write: LeafWrite): Leaf {
  const failures = { ...leaf.failures };
  for (const status of failureStatuses)
    failures[status] = new Set([...leaf.failures[status], ...write[status]]);
  return { ...leaf, done: new Set([...leaf.done, ...offsetsOf(write)]), failures };
}

/** Every offset of a write. */
export function offsetsOf(write: LeafWrite): number[] {
  return outcomeStatuses.flatMap((status) => write[status]);
}

/**
 * Whether a write may be applied: all its offsets below the capacity, and no failure for an offset that is done,
 * because the first outcome is final. A success needs no such check: adding to `done` again changes nothing.
 */
export function allowsWrite(leaf: Leaf, write: LeafWrite): boolean {
  const fits = offsetsOf(write).every((offset) => offset < leaf.capacity);
  return fits && failureStatuses.every((status) => write[status].every((offset) => !leaf.done.has(offset)));
}
