import { runLanes } from '../runLanes.js';
import { decodeOutcome, encodeOutcome } from './encodeOutcome.js';
import type { SettleEntry } from './fanIn.js';
import type { FanInContext } from './fanInContext.js';
import type { OutcomeStatus } from './outcome.js';
import { outsideFanIn } from './recordInLeaf.js';
import { expectStorable, toStoredText } from './resultText.js';
import { rootFacts } from './rootFacts.js';
import { toSlot } from './tree.js';

const CONCURRENCY = 16;

/**
 * Stores each result before it is counted, and answers with the outcome that stands: whoever finds another one
 * stored counts that one. A crash in between is repaired by the redelivery. `undefined` where the fan-in is gone.
 */
export async function storeResults(
  context: FanInContext,
  id: string,
  entries: Map<number, SettleEntry<unknown>>,
): Promise<Map<number, OutcomeStatus> | undefined> {
  const { store, now } = context;
  const texts = new Map(
    [...entries.values()].map(({ index, outcome }) => [index, encodeOutcome(`outcome of ${index}`, outcome)]),
  );
  for (const [index, text] of texts) expectStorable(context, `outcome of ${index}`, text);
  const highest = Math.max(...texts.keys(), 0);
  const root = await rootFacts(context, id, highest);
  if (root === undefined) return undefined;
  if (highest >= root.allocated) throw outsideFanIn(highest, root.allocated);

  const statuses = new Map<number, OutcomeStatus>();
  await runLanes([...texts], CONCURRENCY, async ([index, text]) => {
    const name = { kind: 'result', ...toSlot(index, root.leafSize) } as const;
    const wanted = await toStoredText(context, id, index, text);
    const stored = await store.keepRecord(id, name, wanted, root.expiresAt, now());
    statuses.set(index, decodeOutcome(stored).status);
  });
  return statuses;
}
