import { expectId, expectInteger, invalidArgument } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import { FanfoldError } from '../errors.js';
import { conclude } from './conclude.js';
import { encodeDetails } from './details.js';
import type { OpenOptions } from './fanIn.js';
import { type FanInContext, fanInGone } from './fanInContext.js';
import type { FanInMeta } from './fanInMeta.js';
import { emptyTally } from './fanInNode.js';
import { growTree } from './growTree.js';
import { repeatSeal } from './sealFanIn.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MAX_TASK_TOKEN_LENGTH = 2_048;

function checkedDeadline({ deadlineAt }: OpenOptions, now: number): number | undefined {
  if (deadlineAt === null) return undefined;
  const at =
    deadlineAt === undefined ? now + DAY_MS : deadlineAt instanceof Date ? deadlineAt.getTime() : deadlineAt;
  if (!Number.isFinite(at) || at < 0)
    throw invalidArgument('deadlineAt', 'a Date, epoch milliseconds or null', deadlineAt);
  return Math.ceil(at);
}

function checkedMeta(context: FanInContext, id: string, options: OpenOptions): FanInMeta {
  const { total, maxItems, taskToken, metadata } = options;
  expectId('id', id);
  if (total !== undefined) expectInteger('total', total, 0, MAX_ITEMS);
  if (maxItems !== undefined) expectInteger('maxItems', maxItems, 1, MAX_ITEMS);
  if (total !== undefined && maxItems !== undefined)
    throw invalidArgument('maxItems', 'no maxItems beside a total', maxItems);
  if (
    taskToken !== undefined &&
    (typeof taskToken !== 'string' || taskToken === '' || taskToken.length > MAX_TASK_TOKEN_LENGTH)
  ) {
    // The token itself is a credential: the error does not show it.
    throw new FanfoldError(
      'InvalidArgument',
      `taskToken: expected a string of 1 to ${MAX_TASK_TOKEN_LENGTH} characters`,
    );
  }
  if (
    metadata !== undefined &&
    (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
  ) {
    throw invalidArgument('metadata', 'an object', metadata);
  }
  const deadlineAt = checkedDeadline(options, context.now());
  return {
    id,
    phase: 'opening',
    leafSize: context.leafSize,
    maxItems: total ?? maxItems ?? MAX_ITEMS,
    total,
    allocated: total ?? 0,
    lastAllocation: undefined,
    deadlineAt,
    expiresAt: Math.ceil((deadlineAt ?? context.now()) / 1_000) + context.ttlSeconds,
    done: new Set(),
    tally: emptyTally,
    decision: undefined,
    lease: undefined,
  };
}

/** A stream that has been sealed still matches the options that it was opened with. */
function expectSameJob(found: FanInMeta, wanted: FanInMeta): void {
  const sameTotal = wanted.total === undefined || wanted.total === found.total;
  if (sameTotal && wanted.maxItems === found.maxItems) return;
  const has = `${found.total ?? 'no'} total and maxItems ${found.maxItems}`;
  const message = `total: expected what fan-in ${JSON.stringify(found.id)} was opened with (${has}), got ${wanted.total ?? 'no'} total and maxItems ${wanted.maxItems}`;
  throw new FanfoldError('FanInMismatch', message);
}

/**
 * Opens a fan-in in several writes, each of which may be the last of a dying process: details → root `opening` →
 * nodes → root `open`. Opening again finishes what is missing, and keeps the first deadline and expiry.
 */
export async function openFanIn(context: FanInContext, id: string, options: OpenOptions): Promise<FanInMeta> {
  const { store, now } = context;
  const wanted = checkedMeta(context, id, options);
  const { taskToken, metadata } = options;
  const details = encodeDetails({
    ...(taskToken === undefined ? {} : { taskToken }),
    ...(metadata === undefined ? {} : { metadata }),
  });

  let meta = await store.readMeta(id, now());
  if (meta === undefined) {
    // Before the root, so that nobody who finds the root finds it without its task token.
    await store.putDetails(id, details, wanted.expiresAt);
    meta = (await store.createMeta(wanted, now())).current;
  }
  if (meta === undefined) throw fanInGone(id);
  expectSameJob(meta, wanted);

  const reopened = meta.phase === 'open';
  if (meta.phase === 'opening') {
    if (meta.total !== undefined) await growTree(context, meta, 0, meta.total);
    const dueAt = meta.deadlineAt ?? now() + HOUR_MS;
    meta = (await store.changeMeta(id, { type: 'opened', dueAt }, now())).current;
    if (meta === undefined) throw fanInGone(id);
  }
  if (reopened && meta.total !== undefined) {
    // Whoever announced the seal may have died before the nodes heard of it, and no settler may ever come again.
    meta = await repeatSeal(context, meta, meta.total);
    if (meta === undefined) throw fanInGone(id);
  }
  return conclude(context, meta);
}
