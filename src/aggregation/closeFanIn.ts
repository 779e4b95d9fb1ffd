import { expectId, invalidArgument } from '../arguments.js';
import { completeAllocation } from './allocateItems.js';
import { conclude } from './conclude.js';
import { changeLiveMeta, expectLive, type FanInContext, readLiveMeta } from './fanInContext.js';
import { announceFanIn } from './fanInEvent.js';
import type { Closing, FanInMeta } from './fanInMeta.js';
import { helpUnfinished } from './helpUnfinished.js';
import { indicesOf } from './indicesOf.js';
import { completeOpening } from './openFanIn.js';
import type { Outcome } from './outcome.js';
import { settleItems } from './settleItems.js';

/** How many unsettled items are settled in one go. */
const CHUNK = 1_024;
const MAX_REASON_LENGTH = 1_000;

function closingOutcome({ completionReason, message }: Closing): Outcome<never> {
  return completionReason === 'CANCELLED'
    ? { status: 'cancelled', error: { name: 'Cancelled', message, code: 'Cancelled', retryable: false } }
    : {
        status: 'timedOut',
        error: { name: 'DeadlineExceeded', message, code: 'DeadlineExceeded', retryable: false },
      };
}

/** A whole, sealed tree, whatever an opener, a publisher or a sealer has died over. */
async function makeWhole(context: FanInContext, meta: FanInMeta): Promise<FanInMeta> {
  const opened = meta.phase === 'opening' ? await completeOpening(context, meta) : meta;
  if (opened.total !== undefined) return opened;
  await completeAllocation(context, opened);
  const change = { type: 'sealed', total: opened.allocated, cutShort: true } as const;
  const sealed = await changeLiveMeta(context, meta.id, change);
  // Refused: somebody allocated or sealed in between; look again.
  return sealed.total === undefined ? makeWhole(context, sealed) : sealed;
}

/**
 * Ends a fan-in: announces why on the root, seals a stream at what was handed out, and settles what is missing by
 * the same writes as anyone's, so that an outcome that comes at the same time counts once. It can die anywhere: the
 * announcement stands, and whoever sweeps or calls again goes on.
 */
export async function finishClosing(context: FanInContext, closing: FanInMeta): Promise<FanInMeta> {
  const { id } = closing;
  if (closing.closing === undefined || closing.decision !== undefined) return conclude(context, closing);
  const meta = await makeWhole(context, closing);
  const outcome = closingOutcome(closing.closing);
  const settling = {
    ...context,
    storeResults: context.storeResults || meta.storeResults,
    leafSize: meta.leafSize,
  };

  let entries: { index: number; outcome: Outcome<never> }[] = [];
  for await (const index of indicesOf(settling, meta, true, (status) => status === undefined)) {
    entries.push({ index, outcome });
    if (entries.length < CHUNK) continue;
    await settleItems(settling, id, entries);
    entries = [];
  }
  await settleItems(settling, id, entries);
  // An earlier try may have settled items and died before it carried their leaves up.
  return helpUnfinished(context, meta);
}

async function close(context: FanInContext, id: string, closing: Closing): Promise<FanInMeta> {
  const { store, now, leaseMs } = context;
  const change = { type: 'closed', closing, dueAt: now() + leaseMs } as const;
  const { applied, current } = await store.changeMeta(id, change, now());
  const meta = expectLive(id, current);
  const { completionReason } = closing;
  if (applied) announceFanIn(() => ({ type: 'closing', id, completionReason }));
  return finishClosing(context, meta);
}

/** Turns what is unsettled into `cancelled`. A fan-in that is decided already stays as it is. */
export async function cancelFanIn(context: FanInContext, id: string, reason: string): Promise<FanInMeta> {
  expectId('id', id);
  if (typeof reason !== 'string' || reason === '' || reason.length > MAX_REASON_LENGTH) {
    throw invalidArgument('reason', `a string of 1 to ${MAX_REASON_LENGTH} characters`, reason);
  }
  return close(context, id, { completionReason: 'CANCELLED', message: reason });
}

/** Turns what is unsettled into `timedOut`, once the deadline has come; before that it changes nothing. */
export async function expireFanIn(context: FanInContext, id: string): Promise<FanInMeta> {
  expectId('id', id);
  const meta = await readLiveMeta(context, id);
  if (meta.closing !== undefined || meta.decision !== undefined) return finishClosing(context, meta);
  if (meta.deadlineAt === undefined || meta.deadlineAt > context.now()) return meta;
  const message = `not settled by the deadline ${new Date(meta.deadlineAt).toISOString()}`;
  return close(context, id, { completionReason: 'DEADLINE_EXCEEDED', message });
}
