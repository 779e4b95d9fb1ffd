import {
  type Closing,
  type CompletionLimits,
  type FanInMeta,
  isRootFull,
  MAX_EAGER_FAILURES,
} from './fanInMeta.js';
import type { Tally } from './fanInNode.js';
import type { CompletionReason } from './outcome.js';

/** Everything that is not a success counts against the tolerance. */
export function failuresIn({ failed, timedOut, cancelled }: Tally): number {
  return failed + timedOut + cancelled;
}

/**
 * How many failures are tolerated, or `undefined` for any number. A percentage counts against the total, so it says
 * nothing before the seal.
 */
export function toleratedFailures(
  { toleratedFailureCount, toleratedFailurePercentage }: CompletionLimits,
  total: number | undefined,
): number | undefined {
  if (toleratedFailurePercentage === undefined || total === undefined) return toleratedFailureCount;
  // Dividing last keeps whole percentages exact.
  const share = Math.floor((toleratedFailurePercentage * total) / 100);
  return Math.min(share, toleratedFailureCount ?? share);
}

/** Whether failures are told to the root one by one; for a stream's percentage, before anyone knows the threshold. */
export function isEager({ limits, total }: Pick<FanInMeta, 'limits' | 'total'>): boolean {
  const threshold = toleratedFailures(limits, total);
  if (threshold !== undefined) return threshold <= MAX_EAGER_FAILURES;
  return limits.toleratedFailurePercentage !== undefined;
}

/**
 * Why the job is over, as far as the root can tell, or `undefined` while it is not. What the root knows is a lower
 * bound (`succeeded` may add what a caller saw), so the answer can be late, but never early.
 */
export function completionReasonOf(meta: FanInMeta, succeeded = 0): CompletionReason | undefined {
  const { tally, limits, closing, eagerFailures } = meta;
  const full = isRootFull(meta);
  if (closing !== undefined && !settledByItself(closing, meta))
    return full ? closing.completionReason : undefined;
  if (closing !== undefined && !full) return undefined;

  const tolerated = toleratedFailures(limits, meta.total);
  const failures = Math.max(failuresIn(tally), eagerFailures.size);
  if (tolerated !== undefined && failures > tolerated) return 'FAILURE_TOLERANCE_EXCEEDED';
  if (full) return 'ALL_COMPLETED';
  const { minSuccessful } = limits;
  const enough = minSuccessful !== undefined && Math.max(tally.succeeded, succeeded) >= minSuccessful;
  return enough ? 'MIN_SUCCESSFUL_REACHED' : undefined;
}

/** The deadline came or somebody cancelled, but the workers were faster. */
function settledByItself({ completionReason }: Closing, { cutShort, tally }: FanInMeta): boolean {
  if (cutShort) return false;
  const { timedOut, cancelled } = tally;
  return completionReason === 'CANCELLED' ? cancelled === 0 : timedOut === 0;
}
