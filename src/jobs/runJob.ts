import { toErrorInfo } from '../aggregation/outcome.js';
import { expectFunction, expectSignal } from '../arguments.js';
import { isFanfoldError } from '../errors.js';
import { keepLease } from '../lease.js';
import { changeClaimed } from './changeClaimed.js';
import { claimRecord } from './claimJob.js';
import { decodeValue } from './encodeValue.js';
import type { JobRecord } from './job.js';
import type { JobContext } from './jobContext.js';
import { failureNotRecorded, JobBusyError, jobFailed, jobLeaseLost } from './jobErrors.js';
import type { JobRunContext, RunOptions } from './jobs.js';
import { readResult, storeResult } from './storeResult.js';

/** Records what the work threw. Where that cannot be recorded, nobody may take it for the end of the job. */
async function recordFailure(context: JobContext, record: JobRecord, thrown: unknown): Promise<void> {
  try {
    await changeClaimed(context, record)({ type: 'failed', error: toErrorInfo(thrown) });
  } catch (error) {
    if (isFanfoldError(error, 'JobLeaseLost')) throw jobLeaseLost(record.id, thrown);
    // Left in progress: once the lease has run out, the next caller works on it again, and can succeed.
    if (!toErrorInfo(thrown).retryable) throw failureNotRecorded(record.id, thrown);
  }
}

/** Works on a claimed job while its lease is kept, and records how it ended. */
async function workOn<I, T>(
  context: JobContext,
  record: JobRecord,
  work: (context: JobRunContext<I>) => T | PromiseLike<T>,
  { leaseMs = context.leaseMs, signal }: RunOptions<I>,
): Promise<T> {
  const { id, attempt, input, leaseUntil: until = 0 } = record;
  const change = changeClaimed(context, record);
  const renew = async (): Promise<number | undefined> => {
    const renewedUntil = context.now() + leaseMs;
    try {
      await change({ type: 'heartbeat', until: renewedUntil });
      return renewedUntil;
    } catch (error) {
      if (isFanfoldError(error, 'JobLeaseLost')) return undefined;
      throw error;
    }
  };
  const lease = keepLease({ leaseMs, until, now: context.now, renew, lost: () => jobLeaseLost(id), signal });
  let value: T;
  let result: Awaited<ReturnType<typeof storeResult>>;
  try {
    value = await work({ id, attempt, input: decodeValue(input) as I, signal: lease.signal });
    result = await storeResult(context, record, value);
  } catch (thrown) {
    // Also for a result that cannot be stored: its side effects are done, and must not be done again.
    lease.stop();
    await recordFailure(context, record, thrown);
    throw thrown;
  } finally {
    lease.stop();
  }
  await change({ type: 'succeeded', result });
  return value;
}

/** Claims a job, works on it and records the result, or answers with what was recorded before. */
export async function runJob<I, T>(
  context: JobContext,
  id: string,
  work: (context: JobRunContext<I>) => T | PromiseLike<T>,
  options: RunOptions<I>,
): Promise<T> {
  expectFunction('work', work);
  expectSignal('signal', options.signal);
  const { status, record } = await claimRecord(context, id, options);
  if (status === 'claimed') return workOn(context, record, work, options);
  if (status === 'busy') {
    throw new JobBusyError(id, Math.max(1, (record.leaseUntil ?? 0) - context.now()));
  }
  if (record.state === 'failed') throw jobFailed(id, record.error ?? toErrorInfo(undefined));
  return decodeValue(await readResult(context, record)) as T;
}
