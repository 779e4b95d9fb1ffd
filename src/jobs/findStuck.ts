import { expectInteger } from '../arguments.js';
import type { JobRecord } from './job.js';
import { announce, expiryOf, type JobContext } from './jobContext.js';
import type { StuckOptions } from './jobs.js';

/** The jobs in progress whose lease ran out at least `stuckForMs` ago. */
export async function* stuckJobs(
  { store, now }: JobContext,
  { stuckForMs = 0, limit = 1_000 }: StuckOptions,
): AsyncGenerator<JobRecord> {
  expectInteger('stuckForMs', stuckForMs, 0);
  expectInteger('limit', limit, 1);
  const before = now() - stuckForMs;
  let found = 0;
  for await (const job of store.list('inProgress', now())) {
    if ((job.leaseUntil ?? 0) > before) continue;
    yield job;
    found += 1;
    if (found === limit) return;
  }
}

/**
 * Makes stuck jobs pending again, each under the condition that nobody claimed it and no heartbeat came since it was
 * found. Its late worker is refused from then on.
 */
export async function resetStuckJobs(context: JobContext, options: StuckOptions): Promise<string[]> {
  const reset: string[] = [];
  for await (const { id, attempt } of stuckJobs(context, options)) {
    const now = context.now();
    const { applied, current } = await context.store.change(
      id,
      { type: 'reset', seenAttempt: attempt, now, expiresAt: expiryOf(context, now) },
      now,
    );
    // Refused and pending at this attempt: reset all the same, by this call's own first try or by somebody else.
    if (current?.state !== 'pending' || current.attempt !== attempt) continue;
    reset.push(id);
    if (applied) announce('inProgress', current);
  }
  return reset;
}
