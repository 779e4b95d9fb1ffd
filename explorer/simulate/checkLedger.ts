import type { CompletionSummary } from '../../src/aggregation/fanIn.js';
import { outcomeStatuses } from '../../src/aggregation/outcome.js';

/** Whether what was delivered is what was settled: `truth` holds for each item its bucket, counted from 1. */
export function checkLedger(truth: Uint8Array, summaries: readonly CompletionSummary[]): string[] {
  const [first] = summaries;
  if (first === undefined) return ['nothing was delivered'];
  const violations: string[] = [];
  if (summaries.some((summary) => JSON.stringify(summary) !== JSON.stringify(first)))
    violations.push('two different completions were delivered');
  for (const [bucket, status] of outcomeStatuses.entries()) {
    const settled = truth.reduce((sum, is) => sum + (is === bucket + 1 ? 1 : 0), 0);
    if (first.counts[status] !== settled)
      violations.push(`${status}: counted ${first.counts[status]}, settled ${settled}`);
  }
  if (first.counts.expected !== truth.length || first.counts.notStarted !== 0)
    violations.push('counts do not add up');
  return violations;
}
