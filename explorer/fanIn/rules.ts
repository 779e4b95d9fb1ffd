import type { FanInMeta } from '../../src/aggregation/fanInMeta.js';
import type { LeafWrite } from '../../src/aggregation/fanInNode.js';
import type { FanInMemory } from '../../src/aggregation/memoryFanInStore.js';
import type { OutcomeCounts, OutcomeStatus } from '../../src/aggregation/outcome.js';
import { key } from '../../src/table.js';
import type { Violation } from '../model.js';
import { JOB, type Scenario, START } from './scenario.js';

const letterOf = { succeeded: 's', failed: 'f', timedOut: 't', cancelled: 'c' } as const;

/** The reference model: an index has the first outcome that was accepted for it, for ever. */
export function recordTruth(truth: string, write: LeafWrite, leaf: number, leafSize: number): string {
  const known = truth.split('');
  for (const status of Object.keys(letterOf) as OutcomeStatus[]) {
    for (const offset of write[status]) {
      const index = leaf * leafSize + offset;
      while (known.length <= index) known.push('.');
      if (known[index] === '.') known[index] = letterOf[status];
    }
  }
  return known.join('');
}

function countTruth(truth: string): Record<OutcomeStatus, number> {
  const count = (letter: string) => truth.split(letter).length - 1;
  return { succeeded: count('s'), failed: count('f'), timedOut: count('t'), cancelled: count('c') };
}

/** The root, unless it has expired. */
export const liveMeta = ({ metas }: FanInMemory, clock: number): FanInMeta | undefined => {
  const kept = metas.get(JOB);
  return kept !== undefined && kept.expiresAt * 1_000 > clock ? kept.value : undefined;
};

function tolerated(
  { open: { toleratedFailureCount, toleratedFailurePercentage } }: Scenario,
  total?: number,
) {
  const share =
    toleratedFailurePercentage === undefined || total === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor((toleratedFailurePercentage * total) / 100);
  return Math.min(share, toleratedFailureCount ?? Number.POSITIVE_INFINITY);
}

/** Whether the rule that a decision names allowed it, at this moment. */
function checkDecision(
  scenario: Scenario,
  meta: FanInMeta,
  truth: string,
  clock: number,
): Violation | undefined {
  const { decision, total, cutShort } = meta;
  if (decision === undefined) return undefined;
  const { counts, completionReason } = decision;
  const settled = countTruth(truth);
  const said = JSON.stringify(decision.counts);
  const early = (detail: string): Violation => ({
    rule: 'no early decision',
    detail: `${completionReason} with ${said}, although ${detail}; settled so far: ${truth}`,
  });

  const { expected, ...buckets } = counts;
  const sum = Object.values(buckets).reduce((a, b) => a + b, 0);
  if (sum !== expected || Object.values(counts).some((count) => count < 0))
    return { rule: 'counts add up', detail: `decided ${said}` };
  for (const status of Object.keys(settled) as OutcomeStatus[]) {
    if (counts[status] > settled[status])
      return { rule: 'counts add up', detail: `decided ${said}, settled so far: ${truth}` };
  }
  const failures = ({
    failed,
    timedOut,
    cancelled,
  }: Omit<OutcomeCounts, 'expected' | 'succeeded' | 'notStarted'>) => failed + timedOut + cancelled;
  if (completionReason === 'FAILURE_TOLERANCE_EXCEEDED') {
    return failures(counts) > tolerated(scenario, total)
      ? undefined
      : early('so many failures are tolerated');
  }
  if (completionReason === 'MIN_SUCCESSFUL_REACHED') {
    return counts.succeeded >= (scenario.open.minSuccessful ?? Number.POSITIVE_INFINITY)
      ? undefined
      : early('there are not enough successes');
  }

  if (total === undefined) return early('the job is not sealed');
  if (counts.notStarted > 0 || truth.padEnd(total, '.').slice(0, total).includes('.'))
    return early('items are unsettled');
  const deadline = START + (scenario.open.deadlineAt ?? Number.POSITIVE_INFINITY);
  if (counts.timedOut > 0 && clock < deadline) return early('the deadline has not come');
  // A stream that its publisher did not seal is not complete, even if all that it handed out is settled.
  if (cutShort) return completionReason === 'ALL_COMPLETED' ? early('the stream was cut short') : undefined;
  if (completionReason === 'DEADLINE_EXCEEDED' && counts.timedOut === 0) return early('nothing timed out');
  if (completionReason === 'CANCELLED' && counts.cancelled === 0) return early('nothing was cancelled');
  return undefined;
}

/** What one write to the table must keep. */
export function checkWrite(
  scenario: Scenario,
  before: FanInMemory,
  after: FanInMemory,
  truth: string,
  clock: number,
): Violation | undefined {
  const was = liveMeta(before, clock);
  const is = liveMeta(after, clock);
  for (const [name, { expiresAt }] of [...after.leaves, ...after.branches, ...after.metas]) {
    const isNew = ![before.leaves, before.branches, before.metas].some((shelf) => shelf.has(name));
    if (isNew && is === undefined && expiresAt * 1_000 > clock)
      return { rule: 'no ghost item', detail: `${name} was created although the job is gone` };
  }
  if (is === undefined) return undefined;

  for (const { value: leaf } of after.leaves.values()) {
    for (const offset of leaf.done) {
      const result = after.texts.get(key(JOB, 'result', leaf.address.position, offset))?.value;
      if (scenario.storeResults && result === undefined)
        return {
          rule: 'no result lost',
          detail: `offset ${offset} is counted, and its result is not stored`,
        };
      const index = leaf.address.position * leaf.leafSize + offset;
      if (offset >= leaf.capacity || index >= is.allocated)
        return { rule: 'no ghost item', detail: `${index} is counted, and was never handed out` };
      const bucket = leaf.failures.failed.has(offset)
        ? 'f'
        : leaf.failures.timedOut.has(offset)
          ? 't'
          : leaf.failures.cancelled.has(offset)
            ? 'c'
            : 's';
      if (truth[index] !== bucket)
        return {
          rule: 'the first outcome is final',
          detail: `${index} is counted as ${bucket}, and was settled as ${truth[index]}`,
        };
    }
  }
  if (was?.decision !== undefined)
    return is.decision?.deliveryId === was.decision.deliveryId
      ? undefined
      : { rule: 'at most one decision', detail: `${was.decision.deliveryId} was replaced` };
  return is.decision === undefined ? undefined : checkDecision(scenario, is, truth, clock);
}
