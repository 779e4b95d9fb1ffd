import { expectId, expectInteger } from '../arguments.js';
import { expireFanIn, finishClosing } from './closeFanIn.js';
import type { SweepResult } from './fanIn.js';
import { type FanInContext, readLiveMeta } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import { helpUnfinished } from './helpUnfinished.js';
import { completeOpening, RESWEEP_MS } from './openFanIn.js';
import { toErrorInfo } from './outcome.js';

/** The largest sweep; more than that is the next sweep's. */
const MAX_SWEEP = 1_000;

/** Finishes whatever a process may have died over, at any time; settles nothing. */
export async function reconcileFanIn(context: FanInContext, id: string): Promise<FanInMeta> {
  expectId('id', id);
  const meta = await readLiveMeta(context, id);
  return helpUnfinished(context, meta.phase === 'opening' ? await completeOpening(context, meta) : meta);
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
  const waitsForDeadline = after.decision === undefined && !overdue;
  const dueAt = (waitsForDeadline ? after.deadlineAt : undefined) ?? now() + RESWEEP_MS;
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
