import { type HolderChange, isHeldBy, type JobRecord } from './job.js';
import { announce, expiryOf, type JobContext } from './jobContext.js';
import { jobLeaseLost } from './jobErrors.js';

/** Whether a refused change is there all the same: it was applied, and the SDK repeated it after a lost reply. */
function isDone({ type }: HolderChange, current: JobRecord, claimed: JobRecord): boolean {
  if (current.attempt !== claimed.attempt) return false;
  if (type === 'released') return current.state === 'pending';
  return type === current.state && current.owner === claimed.owner;
}

/**
 * Writes to a job in the name of one claim, whose owner and attempt stand in the condition of every write.
 *
 * @throws FanfoldError `JobLeaseLost` when the job is not this claim's any more.
 */
export function changeClaimed(
  context: JobContext,
  claimed: JobRecord,
): (change: HolderChange) => Promise<void> {
  const { store } = context;
  const { id, owner = '', attempt } = claimed;
  return async (wanted) => {
    const now = context.now();
    const change = { ...wanted, owner, attempt, now, expiresAt: expiryOf(context, now) };
    const { applied, current } = await store.change(id, change, now);
    if (current === undefined || !(applied || isDone(wanted, current, claimed))) throw jobLeaseLost(id);
    if (!isHeldBy(current, { owner, attempt })) announce('inProgress', current);
  };
}
