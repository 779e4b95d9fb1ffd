import { FanfoldError } from '../errors.js';
import { completeAllocation } from './allocateItems.js';
import { checkOpenOptions } from './checkOpenOptions.js';
import { conclude } from './conclude.js';
import { decodeDetails, encodeDetails } from './details.js';
import type { OpenOptions } from './fanIn.js';
import { changeLiveMeta, expectLive, type FanInContext } from './fanInContext.js';
import { announceFanIn } from './fanInEvent.js';
import type { FanInMeta } from './fanInMeta.js';
import { growTree } from './growTree.js';
import { repeatSeal } from './sealFanIn.js';
import { taskTokenFingerprint } from './taskToken.js';

/** How long a sweep leaves a fan-in without a deadline alone. */
export const RESWEEP_MS = 3_600_000;

/** A stream that has been sealed still matches the options that it was opened with. */
function expectSameJob(found: FanInMeta, wanted: FanInMeta): void {
  const describe = ({ total, maxItems, limits }: FanInMeta) => {
    const { toleratedFailureCount, toleratedFailurePercentage, minSuccessful } = limits;
    return JSON.stringify({
      total,
      maxItems,
      toleratedFailureCount,
      toleratedFailurePercentage,
      minSuccessful,
    });
  };
  if (describe(found) === describe({ ...wanted, total: wanted.total ?? found.total })) return;
  const message = `total: expected what fan-in ${JSON.stringify(found.id)} was opened with (${describe(found)}), got ${describe(wanted)}`;
  throw new FanfoldError('FanInMismatch', message);
}

/** Makes the tree of an opening root whole, and opens it. */
export async function completeOpening(context: FanInContext, meta: FanInMeta): Promise<FanInMeta> {
  if (meta.total !== undefined) await growTree(context, meta, 0, meta.total);
  const dueAt = meta.deadlineAt ?? context.now() + RESWEEP_MS;
  return changeLiveMeta(context, meta.id, { type: 'opened', dueAt });
}

/**
 * Puts the task token of an opener who found a fan-in: the latest is the one that a state still waits for, because
 * each Retry of a state has a token of its own and the earlier ones are dead. First the details, then the root: a
 * delivery that has begun with the old token is thereby not the last, and one that is over is begun anew.
 */
async function readdress(context: FanInContext, found: FanInMeta, taskToken: string): Promise<FanInMeta> {
  const { store, now, leaseMs } = context;
  const { id, expiresAt } = found;
  const details = decodeDetails(await store.readDetails(id, now()));
  if (details.taskToken !== taskToken) {
    await store.putDetails(id, encodeDetails({ ...details, taskToken }), expiresAt);
  }
  const recipient = taskTokenFingerprint(taskToken);
  const dueAt = now() + leaseMs;
  return changeLiveMeta(context, id, { type: 'readdressed', recipient, dueAt });
}

/**
 * Opens a fan-in in several writes, each of which may be the last of a dying process: details → root `opening` →
 * nodes → root `open`. Opening again finishes what is missing, and keeps the first deadline and expiry.
 */
export async function openFanIn(context: FanInContext, id: string, options: OpenOptions): Promise<FanInMeta> {
  const { store, now } = context;
  const wanted = checkOpenOptions(context, id, options);
  const { taskToken, metadata } = options;
  const details = encodeDetails({
    ...(taskToken === undefined ? {} : { taskToken }),
    ...(metadata === undefined ? {} : { metadata }),
  });

  let found = await store.readMeta(id, now());
  let isNew = false;
  if (found === undefined) {
    // Before the root, so that nobody who finds the root finds it without its task token.
    await store.putDetails(id, details, wanted.expiresAt);
    const { applied, current } = await store.createMeta(wanted, now());
    isNew = applied;
    found = current;
  }
  let meta = expectLive(id, found);
  expectSameJob(meta, wanted);
  const { total } = meta;
  announceFanIn(() => ({ type: 'opened', id, isNew, total }));
  if (!isNew && taskToken !== undefined) meta = await readdress(context, meta, taskToken);

  if (meta.phase === 'opening') return conclude(context, await completeOpening(context, meta));
  // An opener who publishes goes by what the root has handed out: whoever allocated it may have died before its nodes.
  if (meta.phase === 'open' && meta.total === undefined) await completeAllocation(context, meta);
  if (meta.phase === 'open' && meta.total !== undefined) {
    // Whoever announced the seal may have died before the nodes heard of it, and no settler may ever come again.
    meta = await repeatSeal(context, meta, meta.total);
  }
  return conclude(context, meta);
}
