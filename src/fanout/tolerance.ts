import type { CompletionReason, OutcomeStatus } from '../aggregation/outcome.js';
import { integer, number } from '../arguments.js';

/** When a fan-out is over before all of its items are. */
export interface CompletionRules {
  /** How many successes are enough; the rest is then cancelled or never begun. @default all */
  readonly minSuccessful?: number | undefined;
  /** How many items may fail or time out; one more ends the run. @default all */
  readonly toleratedFailureCount?: number | undefined;
  /**
   * The same as a percentage of all items, from 0 to 100. Where their number is not known beforehand (a generator, a
   * stream) it is only looked at in the end. @default 100
   */
  readonly toleratedFailurePercentage?: number | undefined;
}

/** What the rules must be. */
export const rulesOfCompletion = () => ({
  minSuccessful: integer(1),
  toleratedFailureCount: integer(0),
  toleratedFailurePercentage: number(0, 100),
});

/**
 * The reason to end a run before all of its items are done; `undefined` to go on. Failures come first: who tolerates
 * none is not appeased by enough successes. An unknown `total` is no number: nothing is more, and nothing is all of it.
 */
export function decide(
  settled: Readonly<Record<OutcomeStatus, number>>,
  total = Number.NaN,
  rules: CompletionRules,
): CompletionReason | undefined {
  const {
    minSuccessful = Infinity,
    toleratedFailureCount = Infinity,
    toleratedFailurePercentage = 100,
  } = rules;
  const failures = settled.failed + settled.timedOut;
  if (failures > toleratedFailureCount || failures * 100 > toleratedFailurePercentage * total) {
    return 'FAILURE_TOLERANCE_EXCEEDED';
  }
  // Enough of all is all: where nothing is left to cut short, the run has simply completed.
  const isEnough = settled.succeeded >= minSuccessful && settled.succeeded + failures !== total;
  return isEnough ? 'MIN_SUCCESSFUL_REACHED' : undefined;
}
