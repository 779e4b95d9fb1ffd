import { expectId, expectInteger, invalidArgument } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import { runLanes } from '../runLanes.js';
import { climb, needsClimb } from './climb.js';
import { conclude } from './conclude.js';
import { expectOutcome } from './encodeOutcome.js';
import type { SettledEntry, SettleEntry, SettleResult } from './fanIn.js';
import type { FanInContext } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import { type Leaf, tallyLeaf } from './fanInNode.js';
import { mirrorFailures } from './mirrorFailures.js';
import type { OutcomeStatus } from './outcome.js';
import { type RecordedLeaf, recordInLeaf } from './recordInLeaf.js';
import { storeResults } from './storeResults.js';
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

/** What a leaf's new state asks for: the root may have to hear of failures, of enough successes, or of a full leaf. */
async function afterSettling(
  context: FanInContext,
  id: string,
  leaf: Leaf,
  offsets: readonly (readonly [number, OutcomeStatus])[],
  recorded: ReadonlySet<number>,
): Promise<State> {
  // A plain success changes no tolerance; a failure does, and a duplicate may be one that nobody told the root of.
  const tellsFailures = offsets.some(([offset, status]) => status !== 'succeeded' || !recorded.has(offset));
  const mirrored = tellsFailures ? await mirrorFailures(context, id, leaf) : undefined;
  if (mirrored?.decision !== undefined) return stateOf(mirrored);
  if (needsClimb(leaf)) return stateOf(await climb(context, id, leaf));
  const { succeeded } = tallyLeaf(leaf);
  if (leaf.enough === undefined || succeeded < leaf.enough) return 'open';
  const meta = await context.store.readMeta(id, context.now());
  return stateOf(meta && (await conclude(context, meta, succeeded)));
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

  const leaves = [...byLeaf(statuses, context.leafSize)];
  const written: PromiseSettledResult<RecordedLeaf>[] = [];
  await runLanes(leaves, CONCURRENCY, async ([position, offsets], place) => {
    [written[place]] = await Promise.allSettled([recordInLeaf(context, id, position, offsets)]);
  });
  const answers = new Map<number, SettledEntry>();
  let state: State = 'open';
  for (const [place, [position, offsets]] of leaves.entries()) {
    const leafWrite = written[place];
    if (leafWrite?.status !== 'fulfilled') throw leafWrite?.reason;
    const { leaf, recorded, otherLeafSize } = leafWrite.value;
    if (otherLeafSize !== undefined) return settleItems({ ...context, leafSize: otherLeafSize }, id, entries);
    for (const offset of offsets.keys()) {
      const answer = recorded.has(offset) ? 'recorded' : leaf === undefined ? 'gone' : 'duplicate';
      answers.set(toIndex(position, offset, context.leafSize), answer);
    }
    // One leaf after the other: two that both filled the root would contend for the delivery's lease.
    const seen = leaf === undefined ? 'gone' : await afterSettling(context, id, leaf, [...offsets], recorded);
    if (seen !== 'open') state = seen;
  }

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
