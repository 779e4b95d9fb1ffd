import type { CompletionSummary, Outcome, OutcomeCounts, SettleEntry } from 'fanfold';
import { describe, expect, it } from 'vitest';
import type { ItemResult } from '../../chaos/child/connect.js';
import { type ItemKind, kindOf } from '../../chaos/itemKind.js';
import { checkLedger } from '../../chaos/ledger/checkLedger.js';
import type { Ledger } from '../../chaos/ledger/ledger.js';

const SEED = 1;
const ITEMS = 300;
const indices = Array.from({ length: ITEMS }, (_, index) => index);
const codes: Partial<Record<ItemKind, string>> = {
  permanent: 'Permanent',
  refused: 'Refused',
  tooLong: 'MessageTooLong',
};

const find = (kind: ItemKind): number => {
  const index = indices.find((candidate) => kindOf(SEED, candidate) === kind);
  if (index === undefined) throw new Error(`seed ${SEED} has no item that is ${kind}`);
  return index;
};

const failed = (code: string): Outcome<ItemResult> => ({
  status: 'failed',
  error: { name: 'Error', message: 'no', code, retryable: false },
});
const succeeded = (item: number): Outcome<ItemResult> => ({ status: 'succeeded', value: { item } });

function outcomeOf(index: number): Outcome<ItemResult> {
  const kind = kindOf(SEED, index);
  if (kind === 'hopeless') return failed('DeadLettered');
  const code = codes[kind];
  return code === undefined ? succeeded(index) : failed(code);
}

/** A ledger that is consistent in itself, whatever the outcomes are. */
function ledgerOf(
  results: readonly SettleEntry<ItemResult>[],
  changes: Partial<Ledger> = {},
  delivered: Partial<CompletionSummary> = {},
): Ledger {
  const of = (status: Outcome<ItemResult>['status']) =>
    results.filter(({ outcome }) => outcome.status === status).map(({ index }) => index);
  const buckets = {
    succeeded: of('succeeded'),
    failed: of('failed'),
    timedOut: of('timedOut'),
    cancelled: of('cancelled'),
  };
  const counts: OutcomeCounts = {
    expected: results.length,
    succeeded: buckets.succeeded.length,
    failed: buckets.failed.length,
    timedOut: buckets.timedOut.length,
    cancelled: buckets.cancelled.length,
    notStarted: 0,
  };
  const summary: CompletionSummary = {
    id: 'job',
    counts,
    completionReason: 'ALL_COMPLETED',
    deliveryId: 'one',
    metadata: undefined,
    decidedAt: 0,
    ...delivered,
  };
  const isSent = (index: number) => !['refused', 'tooLong'].includes(kindOf(SEED, index));
  return {
    plan: { seed: SEED, items: ITEMS, mode: 'stream' },
    ended: true,
    status: { id: 'job', state: 'delivered', sealed: true, counts, completionReason: 'ALL_COMPLETED' },
    results,
    missing: [],
    indices: buckets,
    completions: { summaries: [summary], missingAtFirst: 0 },
    received: new Map(indices.filter(isSent).map((index) => [index, 1])),
    deadLettered: new Set(indices.filter((index) => kindOf(SEED, index) === 'hopeless')),
    queued: { items: 0, deadLetters: 0, completions: 0 },
    faults: [],
    leaks: [],
    ...changes,
  };
}

const results = indices.map((index) => ({ index, outcome: outcomeOf(index) }));
const balanced = ledgerOf(results);
const withOutcome = (changed: number, outcome: Outcome<ItemResult>) =>
  ledgerOf(results.map((entry) => (entry.index === changed ? { index: changed, outcome } : entry)));
const timedOut: Outcome<ItemResult> = {
  status: 'timedOut',
  error: { name: 'TimedOut', message: 'late', retryable: false },
};
const status = (changes: object): Ledger['status'] => balanced.status && { ...balanced.status, ...changes };
const [summary] = balanced.completions.summaries;
if (summary === undefined) throw new Error('a balanced ledger has a delivery');

describe('checkLedger', () => {
  it('finds nothing wrong with a ledger that balances', () => {
    expect(checkLedger(balanced)).toEqual([]);
  });

  it('takes a repeated delivery of the same decision for no fault', () => {
    const completions = { summaries: [summary, summary], missingAtFirst: 0 };
    expect(checkLedger({ ...balanced, completions })).toEqual([]);
  });

  it('takes a good item for failed when it was dead-lettered', () => {
    const index = find('good');
    const ledger = withOutcome(index, failed('DeadLettered'));
    expect(checkLedger({ ...ledger, deadLettered: new Set([...ledger.deadLettered, index]) })).toEqual([]);
  });

  it('takes timed-out items and a smaller total for the fate of an abandoned job', () => {
    const part = results
      .slice(0, 200)
      .map((entry) => (entry.index < 190 ? entry : { ...entry, outcome: timedOut }));
    const plan = { ...balanced.plan, mode: 'abandoned' as const };
    expect(checkLedger(ledgerOf(part, { plan }, { completionReason: 'DEADLINE_EXCEEDED' }))).toEqual([]);
  });

  const missed: readonly [promise: string, ledger: Ledger, finding: RegExp][] = [
    ['a run that did not end', { ...balanced, ended: false }, /did not end; status .*"delivered"/],
    ['a fan-in that is gone', { ...balanced, status: undefined }, /is gone/],
    [
      'a decision without a delivery',
      { ...balanced, status: status({ state: 'decided' }) },
      /decided, not delivered/,
    ],
    ['a stream that was never sealed', { ...balanced, status: status({ sealed: false }) }, /not sealed/],
    ['items that were forgotten', ledgerOf(results.slice(1)), /299 items expected of 300/],
    ['an item without an outcome', { ...balanced, missing: [7] }, /missing: 7/],
    [
      'a second result',
      { ...balanced, results: [...results, { index: 0, outcome: outcomeOf(0) }] },
      /two results/,
    ],
    ['a lost result', { ...balanced, results: results.slice(1) }, /299 results of 300/],
    [
      'a ghost',
      { ...balanced, results: [...results, { index: ITEMS, outcome: succeeded(ITEMS) }] },
      /a ghost: the result of item 300/,
    ],
    [
      'a result in another bucket than its count',
      { ...balanced, indices: { ...balanced.indices, failed: balanced.indices.failed.slice(1) } },
      /failed by count or by result/,
    ],
    [
      'counts that disagree with the results',
      { ...balanced, results: withOutcome(find('good'), failed('Permanent')).results },
      /counts .* but results/,
    ],
    [
      'no delivery',
      { ...balanced, completions: { summaries: [], missingAtFirst: undefined } },
      /0 distinct deliveries/,
    ],
    [
      'a second decision',
      {
        ...balanced,
        completions: { summaries: [summary, { ...summary, deliveryId: 'two' }], missingAtFirst: 0 },
      },
      /2 distinct deliveries/,
    ],
    [
      'an early delivery',
      { ...balanced, completions: { summaries: [summary], missingAtFirst: 3 } },
      /3 items had no outcome/,
    ],
    [
      'a delivery with other counts',
      ledgerOf(results, {}, { counts: { ...summary.counts, succeeded: summary.counts.succeeded - 1 } }),
      /delivered .* but status/,
    ],
    [
      'a deadline that nobody set',
      ledgerOf(results, {}, { completionReason: 'DEADLINE_EXCEEDED' }),
      /delivered as DEADLINE_EXCEEDED/,
    ],
    ['a timed-out item without a deadline', withOutcome(find('good'), timedOut), /without a deadline/],
    ['a good item that failed by itself', withOutcome(find('good'), failed('X')), /not dead-lettered/],
    [
      'a hopeless item that nobody dead-lettered',
      { ...balanced, deadLettered: new Set<number>() },
      /\(hopeless\) failed though it was not dead-lettered/,
    ],
    [
      'a permanent failure that succeeded',
      withOutcome(find('permanent'), succeeded(find('permanent'))),
      /cannot/,
    ],
    ['a failure with another reason', withOutcome(find('refused'), failed('X')), /for X, not Refused/],
    ['a result of another item', withOutcome(find('good'), succeeded(-1)), /with the result of item -1/],
    ['a result that nobody worked for', { ...balanced, received: new Map() }, /no worker received it/],
    [
      'a message that was not to be sent',
      { ...balanced, received: new Map([...balanced.received, [find('refused'), 1]]) },
      /never to be published/,
    ],
    [
      'a message that is left over',
      { ...balanced, queued: { ...balanced.queued, deadLetters: 2 } },
      /2 messages left in the queue of deadLetters/,
    ],
    ['a process that died by itself', { ...balanced, faults: ['a worker ended'] }, /a worker ended/],
    ['what outlived the run', { ...balanced, leaks: ['a port'] }, /a port/],
  ];
  it.each(missed)('finds %s', (_, ledger, finding) => {
    expect(checkLedger(ledger).join('\n')).toMatch(finding);
  });
});
