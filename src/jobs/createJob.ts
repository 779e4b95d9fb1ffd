import { expectId } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { encodeInput } from './encodeInput.js';
import type { JobRecord } from './job.js';
import { announce, expiryOf, type JobContext } from './jobContext.js';

/** Makes a pending job where there is none; answers with the one that stands there. */
export async function createJob(
  context: JobContext,
  id: string,
  input: unknown,
): Promise<{ readonly record: JobRecord; readonly created: boolean }> {
  expectId('id', id);
  const now = context.now();
  const origin = context.randomId();
  const job: JobRecord = {
    id,
    state: 'pending',
    attempt: 0,
    origin,
    owner: undefined,
    leaseUntil: undefined,
    input: encodeInput(input),
    result: undefined,
    error: undefined,
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryOf(context, now),
  };
  const { current: record } = await context.store.create(job, now);
  if (record === undefined) {
    // Refused because of a job that expired in the same moment.
    throw new FanfoldError('JobExpired', `job ${JSON.stringify(id)} has just expired: create it again`, {
      retryable: true,
    });
  }
  // By its origin, and not by whether the write was applied: the SDK repeats one whose reply was lost.
  const created = record.origin === origin;
  if (created) announce(undefined, record);
  return { record, created };
}
