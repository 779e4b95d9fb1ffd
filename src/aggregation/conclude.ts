import { FanfoldError } from '../errors.js';
import { completionReasonOf } from './completionRules.js';
import { decodeDetails } from './details.js';
import type { CompletionSummary } from './fanIn.js';
import { changeLiveMeta, type FanInContext } from './fanInContext.js';
import { announceFanIn, toErrorName } from './fanInEvent.js';
import { type FanInMeta, isRootFull } from './fanInMeta.js';
import { type CompletionReason, toOutcomeCounts } from './outcome.js';
import { taskTokenFingerprint } from './taskToken.js';
import { countSettled } from './walkTree.js';

/** Freezes the counts and the reason, once: whoever comes second reads the first one's decision. */
async function decide(
  context: FanInContext,
  meta: FanInMeta,
  completionReason: CompletionReason,
): Promise<FanInMeta> {
  // An early decision is about what is settled right now; what comes later is recorded, and changes nothing.
  const counts = isRootFull(meta)
    ? toOutcomeCounts(meta.allocated, meta.tally)
    : await countSettled(context, meta);
  const decidedAt = context.now();
  const decision = { counts, completionReason, deliveryId: context.randomId(), decidedAt };
  const dueAt = decidedAt + context.leaseMs;
  const decided = await changeLiveMeta(context, meta.id, { type: 'decided', decision, dueAt });
  const { deliveryId } = decision;
  if (decided.decision?.deliveryId === deliveryId) {
    announceFanIn(() => ({ type: 'decided', id: meta.id, deliveryId, completionReason, counts }));
  }
  return decided;
}

function deliveryInProgress(id: string): FanfoldError {
  const message = `fan-in ${JSON.stringify(id)} is being delivered by another process`;
  return new FanfoldError('DeliveryInProgress', message, { retryable: true });
}

const isUnknown = (answer: unknown) => (Object(answer) as { delivery?: unknown }).delivery === 'unknown';

/**
 * Tells `onComplete`, under a lease, and notes that it was told. Throws where the delivery fails or is another's:
 * a caller that acknowledged its message now could be the last that ever came by.
 */
async function deliver(context: FanInContext, decided: FanInMeta): Promise<FanInMeta> {
  const { store, onComplete, leaseMs, now, randomId } = context;
  const { id, decision } = decided;
  if (onComplete === undefined || decision === undefined) return decided;

  // Before the lease, which names the receiver: whoever puts another token there afterwards finds the root and says so.
  const { taskToken, metadata } = decodeDetails(await store.readDetails(id, now()));
  const recipient = taskToken === undefined ? undefined : taskTokenFingerprint(taskToken);
  if (recipient !== undefined && decided.recipient !== undefined && decided.recipient !== recipient) {
    // The details are put first: who put these has died before the root heard of it.
    await changeLiveMeta(context, id, { type: 'readdressed', recipient, dueAt: now() + leaseMs });
  }
  const owner = randomId();
  const leasedAt = now();
  const until = leasedAt + leaseMs;
  const meta = await changeLiveMeta(context, id, { type: 'leased', owner, now: leasedAt, until, recipient });
  if (meta.phase === 'delivered') return meta;
  if (meta.lease?.owner !== owner) throw deliveryInProgress(id);

  const { deliveryId } = decision;
  const summary: CompletionSummary = { id, ...decision, metadata };
  const signal = AbortSignal.timeout(leaseMs);
  const startedAt = performance.now();
  let answer: unknown;
  try {
    answer = await onComplete(summary, { signal, ...(taskToken === undefined ? {} : { taskToken }) });
  } catch (cause) {
    announceFanIn(() => ({ type: 'deliveryFailed', id, deliveryId, error: toErrorName(cause) }));
    // Given back at once, so that the next attempt need not wait for the lease to run out; if that fails too, it waits.
    await store.changeMeta(id, { type: 'released', owner }, now()).catch(() => undefined);
    const message = `onComplete of fan-in ${JSON.stringify(id)} failed; it will be called again`;
    throw new FanfoldError('DeliveryFailed', message, { cause, retryable: true });
  }
  const delivery = isUnknown(answer) ? 'unknown' : 'confirmed';
  const durationMs = performance.now() - startedAt;
  const delivered = await changeLiveMeta(context, id, { type: 'delivered', deliveryId, recipient, delivery });
  // The fan-in was opened with another task token meanwhile, and that one does not know yet.
  if (delivered.phase !== 'delivered') throw deliveryInProgress(id);
  announceFanIn(() => ({ type: 'delivered', id, deliveryId, delivery, durationMs }));
  return delivered;
}

/**
 * The end of the help rule, for everyone who holds a root: decides one that is full (or has failed or succeeded
 * enough: `succeeded` is what the caller saw), delivers a decided one. Without an `onComplete` it decides and leaves
 * the delivery to a process that has one.
 */
export async function conclude(
  context: FanInContext,
  meta: FanInMeta,
  succeeded?: number,
): Promise<FanInMeta> {
  let current = meta;
  const reason = current.decision === undefined ? completionReasonOf(current, succeeded) : undefined;
  if (reason !== undefined) current = await decide(context, current, reason);
  return current.phase === 'decided' ? deliver(context, current) : current;
}
