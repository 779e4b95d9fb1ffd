import type { CompletionReason, ErrorInfo, Outcome, OutcomeCounts, OutcomeStatus } from './outcome.js';

/** JSON that travels with a fan-in from `open` to `onComplete`. */
export type Metadata = { readonly [name: string]: unknown };

/** What `open` takes: a `total` for a job of known size, or `maxItems` for a stream (`allocate`, then `seal`). */
export interface OpenOptions {
  /** How many items the job has. Leave it out for a stream of unknown length. */
  readonly total?: number;
  /** The most items that a stream may have. @default 16_777_216 */
  readonly maxItems?: number;
  /** When the job is over whatever is missing, as a Date or in epoch ms; `null` for never. @default in 24 hours */
  readonly deadlineAt?: Date | number | null;
  /** How many items may end other than succeeded before the job is decided as `FAILURE_TOLERANCE_EXCEEDED`. @default all */
  readonly toleratedFailureCount?: number;
  /** The same as a percentage of the total, from 0 to 100; for a stream it counts from the seal on. @default 100 */
  readonly toleratedFailurePercentage?: number;
  /** How many successes are enough: the job is then decided as `MIN_SUCCESSFUL_REACHED`. @default all */
  readonly minSuccessful?: number;
  /**
   * A Step Functions task token, handed to `onComplete` and `onProgress` and to nobody else. Never logged. Opening
   * again with another token (Retry of the state gives one) replaces it, and is told at once of a job that is over.
   */
  readonly taskToken?: string;
  /** Handed to `onComplete` and `status`, as JSON. */
  readonly metadata?: Metadata;
}

/** One item's outcome on its way into the fan-in. */
export interface SettleEntry<R> {
  readonly index: number;
  readonly outcome: Outcome<R>;
}

/** `recorded`: counted by this call · `duplicate`: counted before (the first outcome stays) · `gone`: the job has expired. */
export type SettledEntry = 'recorded' | 'duplicate' | 'gone';

export interface SettleResult {
  /** One answer for each entry, in the order of the call. */
  readonly entries: readonly SettledEntry[];
  /** `open` means that this call saw no decision. */
  readonly state: 'open' | 'decided' | 'delivered' | 'gone';
}

export interface SweepResult {
  /** How many fan-ins were looked at and are well, or waiting for their items. */
  readonly swept: number;
  /** Those that could not be healed this time. */
  readonly failed: readonly { readonly id: string; readonly error: ErrorInfo }[];
}

export interface FanInStatus {
  readonly id: string;
  readonly state: 'open' | 'decided' | 'delivered';
  /** Whether the number of items is final. */
  readonly sealed: boolean;
  /** Of now while the job is open, of the decision afterwards. */
  readonly counts: OutcomeCounts;
  readonly completionReason?: CompletionReason;
  /**
   * Once it is delivered: `unknown` where the receiver was gone, so that it either has the completion from an earlier
   * try whose reply was lost, or never will have it (a Step Functions task that is over).
   */
  readonly delivery?: 'confirmed' | 'unknown';
  /** In epoch ms. */
  readonly deadlineAt?: number;
  readonly metadata?: Metadata;
}

/** What `onComplete` is told: the same, under the same `deliveryId`, however often it is called. */
export interface CompletionSummary {
  readonly id: string;
  readonly counts: OutcomeCounts;
  readonly completionReason: CompletionReason;
  /** Names this decision for ever: use it to deduplicate. */
  readonly deliveryId: string;
  readonly metadata: Metadata | undefined;
  /** In epoch ms. */
  readonly decidedAt: number;
}

export interface DeliveryContext {
  /** Aborts when the time for it runs out: for a delivery with its lease. */
  readonly signal: AbortSignal;
  readonly taskToken?: string;
}

/**
 * A delivery that fails throws; it is then tried again by the next process that touches the fan-in. One that returns
 * `{ delivery: 'unknown' }` is over too, and `status` says so; any other answer means that it is confirmed.
 */
export type OnComplete = (summary: CompletionSummary, context: DeliveryContext) => unknown;

/** Told now and then while items settle; what it throws is ignored. */
export type OnProgress = (progress: { readonly id: string }, context: DeliveryContext) => unknown;

/** The next index range of a stream, `end` exclusive. */
export interface AllocatedRange {
  readonly start: number;
  readonly end: number;
}

/** An atomic fan-in counter; see `createFanIn`. */
export interface FanIn<R = unknown> {
  /** Opens the fan-in, or completes an opening that died half-way; with another total or other limits it is a `FanInMismatch`. */
  open(id: string, options?: OpenOptions): Promise<FanInStatus>;
  /** Hands out the next indices of a stream; the same `key` always gets the same range. */
  allocate(id: string, count: number, options?: { readonly key?: string }): Promise<AllocatedRange>;
  /** Announces that a stream has no more items; `total` must equal what was allocated. */
  seal(id: string, total: number): Promise<SettleResult['state']>;
  /** Records outcomes and delivers the completion when they were the last; a batch of neighbours costs one write. */
  settle(id: string, entries: readonly SettleEntry<R>[]): Promise<SettleResult>;
  /** Where the fan-in stands; `undefined` when it does not exist or has expired. */
  status(id: string): Promise<FanInStatus | undefined>;
  /** The indices without an outcome, in ascending order. */
  missing(id: string): AsyncIterable<number>;
  /** The stored outcomes (`storeResults`), in ascending order of their indices. */
  results(id: string): AsyncIterable<SettleEntry<R>>;
  /** The indices that ended in one of `statuses`, in ascending order: what a redrive needs. */
  indices(id: string, statuses: readonly OutcomeStatus[]): AsyncIterable<number>;
  /** Turns what is unsettled into `cancelled`, and decides. What is decided already stays as it is. */
  cancel(id: string, reason: string): Promise<SettleResult['state']>;
  /** Turns what is unsettled into `timedOut`, once the deadline has come; before that it changes nothing. */
  expire(id: string): Promise<SettleResult['state']>;
  /** Walks whatever is unfinished and finishes what a process may have died over; settles nothing. */
  reconcile(id: string): Promise<SettleResult['state']>;
  /** Heals at most `limit` (100) fan-ins that are due: overdue, undelivered, half-opened, half-sealed. */
  sweep(options?: { readonly limit?: number }): Promise<SweepResult>;
  /** How far `fanOutToQueue` has published; 0 at first. */
  readCursor(id: string): Promise<number>;
  /** Moves that cursor forward; never back. */
  advanceCursor(id: string, position: number): Promise<void>;
  /**
   * Keeps the real reason of an item that is about to go to the dead-letter queue; the first one recorded stays. It
   * is an item of its own with the expiry of the fan-in, and it settles nothing. A fan-in that is gone is a no-op.
   */
  recordFailure(id: string, index: number, error: ErrorInfo): Promise<void>;
  /** What {@link FanIn.recordFailure} kept; `undefined` when nothing was recorded, or the fan-in is gone. */
  readFailure(id: string, index: number): Promise<ErrorInfo | undefined>;
}
