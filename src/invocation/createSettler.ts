import type { FanIn } from '../aggregation/index.js';
import type { Outcome } from '../aggregation/outcome.js';
import type { ItemAddress } from '../envelope.js';
import { isFanfoldError } from '../errors.js';

interface Pending<R> {
  readonly index: number;
  readonly outcome: Outcome<R>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Resolves once the outcome is durable (recorded, a duplicate, or of a fan-in that is gone); else rejects. */
export type Settle<R> = (address: ItemAddress, outcome: Outcome<R>) => Promise<void>;

async function settleAll<R>(
  fanIn: Pick<FanIn<R>, 'settle'>,
  id: string,
  batch: readonly Pending<R>[],
): Promise<void> {
  try {
    await fanIn.settle(
      id,
      batch.map(({ index, outcome }) => ({ index, outcome })),
    );
  } catch (error) {
    // One bad entry refuses the whole call before any write: halving finds it, and costs its neighbours nothing.
    if (batch.length > 1 && isFanfoldError(error, 'InvalidArgument')) {
      const middle = batch.length >> 1;
      await Promise.all([
        settleAll(fanIn, id, batch.slice(0, middle)),
        settleAll(fanIn, id, batch.slice(middle)),
      ]);
      return;
    }
    for (const { reject } of batch) reject(error);
    return;
  }
  for (const { resolve } of batch) resolve();
}

/**
 * Collects outcomes for one call of a handler: those of one fan-in that end in the same turn of the event loop, and
 * all that end while its last `settle` is under way, go into one `settle`. A batch of neighbours that end together
 * therefore costs one call, and a slow store makes batches larger instead of queues longer.
 */
export function createSettler<R>(fanIn: Pick<FanIn<R>, 'settle'>): Settle<R> {
  const waiting = new Map<string, Pending<R>[]>();

  const drain = async (id: string): Promise<void> => {
    for (let batch = waiting.get(id) ?? []; batch.length > 0; batch = waiting.get(id) ?? []) {
      waiting.set(id, []);
      await settleAll(fanIn, id, batch);
    }
    waiting.delete(id);
  };

  return ({ id, index }, outcome) =>
    new Promise((resolve, reject) => {
      const pending = { index, outcome, resolve, reject };
      const queue = waiting.get(id);
      if (queue !== undefined) {
        queue.push(pending);
        return;
      }
      waiting.set(id, [pending]);
      setImmediate(drain, id);
    });
}
