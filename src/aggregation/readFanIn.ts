import { expectId, invalidArgument } from '../arguments.js';
import { decodeDetails } from './details.js';
import type { FanInStatus, SettleEntry } from './fanIn.js';
import { type FanInContext, readLiveMeta } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import { indicesOf } from './indicesOf.js';
import { type OutcomeStatus, outcomeStatuses } from './outcome.js';
import { readStoredText } from './resultText.js';
import { nodesAt, toIndex } from './tree.js';
import { countSettled } from './walkTree.js';

/** A root as `status` shows it: the decision's counts once there is one, else a walk over what is unfinished. */
export async function toStatus(context: FanInContext, meta: FanInMeta): Promise<FanInStatus> {
  const { id, phase, decision, delivery, deadlineAt } = meta;
  const { metadata } = decodeDetails(await context.store.readDetails(id, context.now()));
  return {
    id,
    state: phase === 'opening' ? 'open' : phase,
    sealed: meta.total !== undefined,
    counts: decision?.counts ?? (await countSettled(context, meta)),
    ...(decision === undefined ? {} : { completionReason: decision.completionReason }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

async function* indicesWhere(
  context: FanInContext,
  id: string,
  unfinishedOnly: boolean,
  wanted: (status: OutcomeStatus | undefined) => boolean,
): AsyncGenerator<number> {
  yield* indicesOf(context, await readLiveMeta(context, id), unfinishedOnly, wanted);
}

/** The indices without an outcome. */
export function missingIndices(context: FanInContext, id: string): AsyncIterable<number> {
  expectId('id', id);
  return indicesWhere(context, id, true, (status) => status === undefined);
}

/** The indices that ended in one of `statuses`. */
export function settledIndices(
  context: FanInContext,
  id: string,
  statuses: readonly OutcomeStatus[],
): AsyncIterable<number> {
  expectId('id', id);
  for (const status of statuses) {
    if (!outcomeStatuses.includes(status))
      throw invalidArgument('statuses', `some of ${outcomeStatuses.join(', ')}`, status);
  }
  return indicesWhere(context, id, false, (status) => status !== undefined && statuses.includes(status));
}

/** The stored outcomes, leaf by leaf. */
export async function* storedResults<R>(context: FanInContext, id: string): AsyncGenerator<SettleEntry<R>> {
  expectId('id', id);
  const { leafSize, allocated } = await readLiveMeta(context, id);
  for (let leaf = 0; leaf < nodesAt(0, allocated, leafSize); leaf += 1) {
    for await (const { offset, text } of context.store.readResults(id, leaf, context.now())) {
      yield { index: toIndex(leaf, offset, leafSize), outcome: await readStoredText<R>(context, text) };
    }
  }
}
