import type { CompletionReason, OutcomeStatus } from '../aggregation/outcome.js';
import { expectInteger, expectNumber } from '../arguments.js';

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

/** Refuses rules that no run could keep. */
export function expectRules(rules: CompletionRules): void {
  const { minSuccessful, toleratedFailureCount, toleratedFailurePercentage } = rules;
  if (minSuccessful !== undefined) expectInteger('minSuccessful', minSuccessful, 1);
  if (toleratedFailureCount !== undefined) expectInteger('toleratedFailureCount', toleratedFailureCount, 0);
  if (toleratedFailurePercentage !== undefined) {
    expectNumber('toleratedFailurePercentage', toleratedFailurePercentage, 0, 100);
  }
}

/**
 * The reason to end a run before all of its items are done; `undefined` to go on. Failures come first: who tolerates
 * none is not appeased by enough successes. `total` is `undefined` while it is unknown.
 */
export function decide(
  settled: Readonly<Record<OutcomeStatus, number>>,
  total: number | undefined,
  rules: CompletionRules,
): CompletionReason | undefined {
  const { minSuccessful = Infinity, toleratedFailureCount = Infinity, toleratedFailurePercentage } = rules;
  const failures = settled.failed + settled.timedOut;
  if (failures > toleratedFailureCount) return 'FAILURE_TOLERANCE_EXCEEDED';
  if (total !== undefined && failures * 100 > (toleratedFailurePercentage ?? 100) * total) {
    return 'FAILURE_TOLERANCE_EXCEEDED';
  }
  // Enough of all is all: where nothing is left to cut short, the run has simply completed.
  if (settled.succeeded < minSuccessful || settled.succeeded + failures === total) return undefined;
  return 'MIN_SUCCESSFUL_REACHED';
}
