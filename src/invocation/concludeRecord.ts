import type { FanIn } from '../aggregation/index.js';
import { type ErrorInfo, toErrorInfo } from '../aggregation/outcome.js';
import type { Settle } from './createSettler.js';
import type { WorkItem } from './processContext.js';
import type { ItemResult } from './runItem.js';
import type { Worker } from './toWorker.js';

/** The part of a fan-in that keeps reasons. */
type ReasonKeeper = Pick<FanIn, 'recordFailure'>;

/**
 * Keeps the real reason of an enveloped message that goes to the dead-letter queue next. Never rejects: when it cannot
 * be kept, the dead-letter handler says less, and nothing else changes.
 */
export async function keepReason(
  { fanIn, maxReceiveCount }: { readonly fanIn: ReasonKeeper | undefined; readonly maxReceiveCount: number },
  { fanIn: address, receiveCount = 0 }: WorkItem,
  error: ErrorInfo,
): Promise<void> {
  if (fanIn === undefined || address === undefined || receiveCount < maxReceiveCount) return;
  try {
    await fanIn.recordFailure(address.id, address.index, error);
  } catch {
    // Reported all the same.
  }
}

/**
 * Makes the outcome of an SQS record durable, where there is something to make durable. Never rejects.
 *
 * @returns whether the record may be acknowledged; if not, it must be reported.
 */
export async function concludeRecord<Input, Result>(
  worker: Worker<Input, Result>,
  settle: Settle<Result> | undefined,
  item: WorkItem,
  { outcome }: ItemResult<Result>,
): Promise<boolean> {
  const succeeded = outcome.status === 'succeeded';
  const address = item.fanIn;
  if (address === undefined || settle === undefined) return succeeded;
  let reason: ErrorInfo;
  if (succeeded || (worker.settlesPermanent && !outcome.error.retryable)) {
    try {
      await settle(address, outcome);
      return true;
    } catch (thrown) {
      reason = toErrorInfo(thrown);
    }
  } else {
    reason = outcome.error;
  }
  await keepReason(worker, item, reason);
  return false;
}
