import type { FanInStatus, OutcomeStatus, SettleEntry } from 'fanfold';
import type { ItemResult } from '../child/connect.js';
import type { RunPlan } from '../plan.js';
import type { Completions } from './collectCompletions.js';

/** All that a run has left behind. */
export interface Ledger {
  readonly plan: Pick<RunPlan, 'seed' | 'items' | 'mode'>;
  /** Whether it ended in time. */
  readonly ended: boolean;
  readonly status: FanInStatus | undefined;
  /** Every stored result, in the order in which they were read. */
  readonly results: readonly SettleEntry<ItemResult>[];
  readonly missing: readonly number[];
  /** The indices that the fan-in counts in each bucket. */
  readonly indices: Readonly<Record<OutcomeStatus, readonly number[]>>;
  readonly completions: Completions;
  readonly received: ReadonlyMap<number, number>;
  readonly deadLettered: ReadonlySet<number>;
  /** What the queues of items, dead letters and completions still hold. */
  readonly queued: Readonly<Record<'items' | 'deadLetters' | 'completions', number>>;
  /** Processes that ended by themselves, and why. */
  readonly faults: readonly string[];
  /** Processes and ports that outlived the run. */
  readonly leaks: readonly string[];
}
