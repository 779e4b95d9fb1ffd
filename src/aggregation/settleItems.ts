import pLimit from 'p-limit';
import { expectId, expectInteger, invalidArgument } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import { climb, needsClimb } from './climb.js';
import { decodeOutcome, encodeOutcome, expectOutcome } from './encodeOutcome.js';
import type { SettledEntry, SettleEntry, SettleResult } from './fanIn.js';
import type { FanInContext } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import type { OutcomeStatus } from './outcome.js';
import { outsideFanIn, recordInLeaf } from './recordInLeaf.js';
import { toIndex, toSlot } from './tree.js';

const CONCURRENCY = 16;
type State = SettleResult['state'];

/** What a root says to somebody outside. */
export function stateOf(meta: FanInMeta | undefined): State {
  if (meta === undefined) return 'gone';
  return meta.phase === 'opening' ? 'open' : meta.phase;
}

function checkEntries(
  id: string,
  entries: readonly SettleEntry<unknown>[],
): Map<number, SettleEntry<unknown>> {
  expectId('id', id);
  if (!Array.isArray(entries)) throw invalidArgument('entries', 'an array of { index, outcome }', entries);
  const first = new Map<number, SettleEntry<unknown>>();
  for (const [position, entry] of entries.entries()) {
    const field = `entries[${position}]`;
    expectInteger(`${field}.index`, entry?.index, 0, MAX_ITEMS - 1);
    expectOutcome(`${field}.outcome`, entry.outcome);
    if (!first.has(entry.index)) first.set(entry.index, entry);
  }
  return first;
}

/**
 * Stores each result before it is counted, and answers with the outcome that stands: whoever finds another one
 * stored counts that one. A crash in between is repaired by the redelivery. `undefined` where the fan-in is gone.
 */
async function storeResults(
  context: FanInContext,
  id: string,
  entries: Map<number, SettleEntry<unknown>>,
): Promise<Map<number, OutcomeStatus> | undefined> {
  const { store, now } = context;
  const texts = new Map(
    [...entries.values()].map(({ index, outcome }) => [index, encodeOutcome(`outcome of ${index}`, outcome)]),
  );
  const meta = await store.readMeta(id, now());
  if (meta === undefined) return undefined;
  for (const index of texts.keys()) if (index >= meta.allocated) throw outsideFanIn(index, meta.allocated);

  const statuses = new Map<number, OutcomeStatus>();
  await pLimit(CONCURRENCY).map(texts, async ([index, text]) => {
    const name = { kind: 'result', ...toSlot(index, meta.leafSize) } as const;
    const stored = await store.keepRecord(id, name, text, meta.expiresAt, now());
    statuses.set(index, decodeOutcome(stored).status);
  });
  return statuses;
}

function byLeaf(
  statuses: ReadonlyMap<number, OutcomeStatus>,
  leafSize: number,
): Map<number, Map<number, OutcomeStatus>> {
  const leaves = new Map<number, Map<number, OutcomeStatus>>();
  for (const [index, status] of statuses) {
    const { leaf, offset } = toSlot(index, leafSize);
    const offsets = leaves.get(leaf) ?? new Map<number, OutcomeStatus>();
    leaves.set(leaf, offsets.set(offset, status));
  }
  return leaves;
}

/**
 * Records outcomes, then finishes what another may have died over (see {@link climb}). Every leaf is written before
 * any error is thrown, so that one leaf's trouble costs its neighbours nothing.
 */
export async function settleItems(
  context: FanInContext,
  id: string,
  entries: readonly SettleEntry<unknown>[],
): Promise<SettleResult> {
  const first = checkEntries(id, entries);
  const statuses = context.storeResults
    ? await storeResults(context, id, first)
    : new Map([...first.values()].map(({ index, outcome }) => [index, outcome.status]));
  if (statuses === undefined) return { entries: entries.map(() => 'gone'), state: 'gone' };

  const answers = new Map<number, SettledEntry>();
  let state: State = 'open';
  let leafSize = context.leafSize;
  async function settleLeaf(position: number, offsets: ReadonlyMap<number, OutcomeStatus>): Promise<void> {
    const { leaf, recorded, otherLeafSize } = await recordInLeaf(context, id, position, offsets);
    if (otherLeafSize !== undefined) leafSize = otherLeafSize;
    for (const offset of offsets.keys()) {
      const answer = recorded.has(offset) ? 'recorded' : leaf === undefined ? 'gone' : 'duplicate';
      answers.set(toIndex(position, offset, context.leafSize), answer);
    }
    if (leaf === undefined) state = 'gone';
    if (leaf === undefined || !needsClimb(leaf)) return;
    const climbed = stateOf(await climb(context, id, leaf));
    if (climbed !== 'open') state = climbed;
  }

  const settled = await Promise.allSettled(
    pLimitAll([...byLeaf(statuses, context.leafSize)], ([position, offsets]) =>
      settleLeaf(position, offsets),
    ),
  );
  for (const leaf of settled) if (leaf.status === 'rejected') throw leaf.reason;
  if (leafSize !== context.leafSize) return settleItems({ ...context, leafSize }, id, entries);

  const counted = new Set<number>();
  return {
    entries: entries.map(({ index }) => {
      const repeated = counted.has(index);
      counted.add(index);
      return repeated && answers.get(index) === 'recorded' ? 'duplicate' : (answers.get(index) ?? 'gone');
    }),
    state,
  };
}

function pLimitAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void>[] {
  const limit = pLimit(CONCURRENCY);
  return items.map((item) => limit(work, item));
}
