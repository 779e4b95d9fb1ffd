import { type OutcomeCounts, type OutcomeStatus, toOutcomeCounts } from 'fanfold';
import { checkItem } from './checkItem.js';
import type { Ledger } from './ledger.js';

const statuses = ['succeeded', 'failed', 'timedOut', 'cancelled'] as const satisfies readonly OutcomeStatus[];

const sameCounts = (a: OutcomeCounts, b: OutcomeCounts): boolean =>
  a.expected === b.expected &&
  a.notStarted === b.notStarted &&
  statuses.every((status) => a[status] === b[status]);

const show = (counts: OutcomeCounts): string => JSON.stringify(counts);

/** Counts against results: each index exactly once, in the bucket that its stored result names. */
function checkCounts({ plan, status, results, missing, indices }: Ledger): string[] {
  if (status === undefined) return ['the fan-in is gone'];
  const broken: string[] = [];
  const { counts, state, sealed } = status;
  if (state !== 'delivered') broken.push(`the fan-in is ${state}, not delivered`);
  if (!sealed) broken.push('the fan-in is not sealed');
  if (plan.mode === 'abandoned' ? counts.expected > plan.items : counts.expected !== plan.items)
    broken.push(`${counts.expected} items expected of ${plan.items}`);
  if (missing.length > 0) broken.push(`missing: ${missing.join(', ')}`);

  const byStatus = new Map<OutcomeStatus, Set<number>>(statuses.map((name) => [name, new Set()]));
  for (const { index, outcome } of results) byStatus.get(outcome.status)?.add(index);
  const stored = new Set(results.map(({ index }) => index));
  if (stored.size !== results.length) broken.push(`${results.length - stored.size} indices have two results`);
  if (stored.size !== counts.expected) broken.push(`${stored.size} results of ${counts.expected} items`);
  for (const index of stored)
    if (index < 0 || index >= counts.expected) broken.push(`a ghost: the result of item ${index}`);
  const tally = toOutcomeCounts(counts.expected, {
    succeeded: byStatus.get('succeeded')?.size ?? 0,
    failed: byStatus.get('failed')?.size ?? 0,
    timedOut: byStatus.get('timedOut')?.size ?? 0,
    cancelled: byStatus.get('cancelled')?.size ?? 0,
  });
  if (!sameCounts(tally, counts)) broken.push(`counts ${show(counts)}, but results ${show(tally)}`);
  for (const name of statuses) {
    const counted = new Set(indices[name]);
    const held = byStatus.get(name) ?? new Set<number>();
    const differing = [...new Set([...counted, ...held])].filter(
      (index) => counted.has(index) !== held.has(index),
    );
    if (differing.length > 0)
      broken.push(`${name} by count or by result, not by both: ${differing.join(', ')}`);
  }
  return broken;
}

/** One decision, delivered, not early, and everywhere with the same counts. */
function checkCompletion({ plan, status, completions: { summaries, missingAtFirst } }: Ledger): string[] {
  const broken: string[] = [];
  const decisions = new Set(summaries.map(({ deliveryId }) => deliveryId));
  if (decisions.size !== 1) broken.push(`${decisions.size} distinct deliveries`);
  if (missingAtFirst !== undefined && missingAtFirst > 0)
    broken.push(`delivered while ${missingAtFirst} items had no outcome`);
  for (const { counts, completionReason } of summaries) {
    if (status && !sameCounts(counts, status.counts))
      broken.push(`delivered ${show(counts)}, but status ${show(status.counts)}`);
    if (counts.notStarted > 0) broken.push(`delivered with ${counts.notStarted} items that never started`);
    const isLegal =
      completionReason === 'ALL_COMPLETED' ||
      (completionReason === 'DEADLINE_EXCEEDED' && plan.mode === 'abandoned');
    if (!isLegal) broken.push(`delivered as ${completionReason}`);
  }
  return broken;
}

/** Every promise that a run has broken; none means that its ledger balances. Pure. */
export function checkLedger(ledger: Ledger): string[] {
  const { ended, status, results, queued, faults, leaks } = ledger;
  const items = results.flatMap(({ index, outcome }) => checkItem(ledger, index, outcome) ?? []);
  const left = Object.entries(queued).filter(([, count]) => count > 0);
  return [
    ...(ended ? [] : [`the run did not end; status ${JSON.stringify(status)}`]),
    ...faults,
    ...checkCounts(ledger),
    ...checkCompletion(ledger),
    ...items,
    ...left.map(([queue, count]) => `${count} messages left in the queue of ${queue}`),
    ...leaks,
  ];
}
