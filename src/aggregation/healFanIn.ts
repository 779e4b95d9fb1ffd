import { expectId, expectInteger } from '../arguments.js';
import { climb, needsClimb } from './climb.js';
import { expireFanIn, finishClosing } from './closeFanIn.js';
import { conclude } from './conclude.js';
import type { SweepResult } from './fanIn.js';
import { type FanInContext, readLiveMeta } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import type { Leaf } from './fanInNode.js';
import { mirrorFailures } from './mirrorFailures.js';
import { completeOpening, RESWEEP_MS } from './openFanIn.js';
import { toErrorInfo } from './outcome.js';
import { repeatSeal } from './sealFanIn.js';
import { walkTree } from './walkTree.js';

/** The largest sweep; more than that is the next sweep's. */
const MAX_SWEEP = 1_000;

/**
 * Walks whatever is unfinished and helps: carries full nodes up, repeats a seal, tells the root of failures, decides
 * and delivers. It settles nothing, so it may be called at any time.
 */
export async function reconcileFanIn(context: FanInContext, id: string): Promise<FanInMeta> {
  expectId('id', id);
  const { store, now } = context;
  const help = async (leaf: Leaf | undefined) => {
    if (leaf === undefined) return;
    await mirrorFailures(context, id, leaf);
    if (needsClimb(leaf)) await climb(context, id, leaf);
  };

  const found = await readLiveMeta(context, id);
  const meta = found.phase === 'opening' ? await completeOpening(context, found) : found;
  if (meta.decision !== undefined) return conclude(context, meta);
  if (meta.total !== undefined) await repeatSeal(context, meta, meta.total);
  for await (const visited of walkTree(context, meta, { unfinishedOnly: true })) {
    if ('leaf' in visited) await help(visited.leaf);
    // A full branch hides its leaves; any of them leads up through it.
    else if (visited.firstLeaf !== undefined)
      await help((await store.readLeaves(id, [visited.firstLeaf], now()))[0]);
  }
  return conclude(context, await readLiveMeta(context, id));
}

/** One fan-in that is due: past its deadline it is ended, else it is helped and looked at again later. */
async function healFanIn(context: FanInContext, id: string): Promise<void> {
  const { store, now } = context;
  const meta = await store.readMeta(id, now());
  if (meta === undefined) return;
  const overdue = meta.deadlineAt !== undefined && meta.deadlineAt <= now();
  if (meta.closing !== undefined) await finishClosing(context, meta);
  else if (overdue && meta.decision === undefined) await expireFanIn(context, id);
  else await reconcileFanIn(context, id);

  const after = await store.readMeta(id, now());
  if (after === undefined || after.phase === 'delivered') return;
  const dueAt =
    after.decision === undefined && !overdue ? (after.deadlineAt ?? now() + RESWEEP_MS) : now() + RESWEEP_MS;
  await store.changeMeta(id, { type: 'rescheduled', dueAt }, now());
}

/**
 * Heals the fan-ins that are due, the longest due first. One that fails is put off by a lease, so that it never
 * keeps the others waiting, and is reported.
 */
export async function sweepFanIns(context: FanInContext, limit: number): Promise<SweepResult> {
  expectInteger('limit', limit, 1, MAX_SWEEP);
  const { store, now, leaseMs } = context;
  const failed: { id: string; error: ReturnType<typeof toErrorInfo> }[] = [];
  const due = await store.listDue(limit, now());
  for (const id of due) {
    try {
      await healFanIn(context, id);
    } catch (thrown) {
      failed.push({ id, error: toErrorInfo(thrown) });
      await store
        .changeMeta(id, { type: 'rescheduled', dueAt: now() + leaseMs }, now())
        .catch(() => undefined);
    }
  }
  return { swept: due.length - failed.length, failed };
}
