import { createRandom } from '../../examples/createRandom.js';
import { createFanIn } from '../../src/aggregation/createFanIn.js';
import type { CompletionSummary } from '../../src/aggregation/fanIn.js';
import type { FanInStore } from '../../src/aggregation/fanInStore.js';
import { createFanInMemory, memoryFanInStore } from '../../src/aggregation/memoryFanInStore.js';
import { treeDepth } from '../../src/aggregation/tree.js';
import { meterStore } from './meter.js';

const LEAF_SIZE = 256;

export interface SimulatedLarge {
  readonly items: number;
  readonly batch: number;
  readonly arrivalsPerSecond: number;
  readonly violations: readonly string[];
  readonly treeDepth: number;
  /** Of settling alone. */
  readonly writeUnitsPerItem: number;
  /** Of the whole job, its opening and its delivery included. */
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly hottest: { readonly key: string; readonly perSecond: number };
}

/**
 * A store in which all full leaves without failures share one set: a full node is frozen, so that nobody can tell,
 * and millions of items fit into memory.
 */
function compactStore(): FanInStore {
  const memory = createFanInMemory();
  const store = memoryFanInStore(memory);
  const full = new Set(Array.from({ length: LEAF_SIZE }, (_, offset) => offset));
  return {
    ...store,
    async addToLeaf(id, position, write, leafSize, now) {
      const written = await store.addToLeaf(id, position, write, leafSize, now);
      const name = `${id}#0#${position}`;
      const kept = memory.leaves.get(name);
      if (kept?.value.done.size === LEAF_SIZE && kept.value.done !== full)
        memory.leaves.set(name, { ...kept, value: { ...kept.value, done: full } });
      return written;
    },
  };
}

/** One very large job: batches of neighbours arrive in an order that is nearly theirs, at a steady rate. */
export async function simulateLarge(
  items: number,
  seed: number,
  { batch = 10, arrivalsPerSecond = 5_000 } = {},
): Promise<SimulatedLarge> {
  const random = createRandom(seed);
  const violations: string[] = [];
  const summaries: CompletionSummary[] = [];
  let now = 1_700_000_000_000;
  const meter = meterStore(compactStore(), () => now);
  const fanIn = createFanIn({
    store: meter.store,
    onComplete: (summary) => summaries.push(summary),
    now: () => now,
  });
  await fanIn.open('job', { total: items });
  const opening = meter.writeUnits();

  // A window of batches is under way at any time, and ends in any order.
  const starts: number[] = [];
  let next = 0;
  let failed = 0;
  while (next < items || starts.length > 0) {
    while (next < items && starts.length < 100) {
      starts.push(next);
      next += batch;
    }
    const [start = 0] = starts.splice(Math.floor(random() * starts.length), 1);
    const entries = [];
    for (let index = start; index < Math.min(start + batch, items); index += 1) {
      const isBad = index % 1_000 === 7;
      if (isBad) failed += 1;
      const error = { name: 'Error', message: 'never', retryable: false };
      entries.push({
        index,
        outcome: isBad
          ? ({ status: 'failed', error } as const)
          : ({ status: 'succeeded', value: 1 } as const),
      });
    }
    now += (1_000 * entries.length) / arrivalsPerSecond;
    await fanIn.settle('job', entries);
    // Every now and then a batch comes twice.
    if (random() < 0.01) await fanIn.settle('job', entries);
    if (summaries.length > 0 && (next < items || starts.length > 0)) violations.push('decided too early');
  }

  const counts = summaries[0]?.counts;
  if (summaries.length !== 1) violations.push(`${summaries.length} completions`);
  if (counts?.failed !== failed || counts.succeeded !== items - failed || counts.expected !== items)
    violations.push(`counts ${JSON.stringify(counts)}, expected ${failed} failures of ${items}`);
  return {
    items,
    batch,
    arrivalsPerSecond,
    violations,
    treeDepth: treeDepth(items, LEAF_SIZE),
    writeUnitsPerItem: (meter.writeUnits() - opening) / items,
    writeUnits: meter.writeUnits(),
    readUnits: meter.readUnits(),
    hottest: meter.hottest(),
  };
}
