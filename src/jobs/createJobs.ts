import { toErrorInfo } from '../aggregation/outcome.js';
import { expectFunction, expectId, expectInteger, invalidArgument } from '../arguments.js';
import type { ClaimCheck } from '../claimCheck.js';
import { FanfoldError } from '../errors.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';
import { claimRecord, toClaimedJob } from './claimJob.js';
import { createJob } from './createJob.js';
import { decodeValue } from './encodeValue.js';
import { resetStuckJobs, stuckJobs } from './findStuck.js';
import { type JobRecord, type JobState, jobStates } from './job.js';
import { announce, expiryOf, type JobContext } from './jobContext.js';
import { jobNotFound } from './jobErrors.js';
import type { JobStore } from './jobStore.js';
import type { Job, Jobs } from './jobs.js';
import { runJob } from './runJob.js';
import { readResult } from './storeResult.js';

/** What `createJobs` takes. */
export interface JobsOptions {
  /** `dynamoJobStore({ client, tableName })`, or `memoryJobStore()`. */
  readonly store: JobStore;
  /** Keeps results that do not fit into an item of 400 KB. @default such a result is an `UnstorableResult` */
  readonly claimCheck?: ClaimCheck;
  /** How long a claim holds without a heartbeat, in ms; make it well over the difference of clocks. @default 60_000 */
  readonly leaseMs?: number;
  /** How long a job is kept after its state last changed; a replay that comes later works again. @default 1_209_600 (14 days) */
  readonly ttlSeconds?: number;
  /** The clock, in epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Names claims: unique. @default crypto.randomUUID */
  readonly randomId?: () => string;
}

function checkedContext(options: JobsOptions): JobContext {
  const { store, claimCheck, leaseMs = 60_000, ttlSeconds = 1_209_600 } = options;
  const { now = Date.now, randomId = () => crypto.randomUUID() } = options;
  if (typeof store?.change !== 'function')
    throw invalidArgument('store', 'dynamoJobStore(…) or memoryJobStore()', store);
  if (claimCheck !== undefined) {
    expectFunction('claimCheck.put', claimCheck?.put);
    expectFunction('claimCheck.get', claimCheck?.get);
  }
  expectInteger('leaseMs', leaseMs, 1, LONGEST_TIMER_MS);
  expectInteger('ttlSeconds', ttlSeconds, 1);
  expectFunction('now', now);
  expectFunction('randomId', randomId);
  return { store, claimCheck, leaseMs, ttlSeconds, now, randomId };
}

function toJob<I>(record: JobRecord): Job<I> {
  const { id, state, attempt, error, createdAt, updatedAt, leaseUntil, expiresAt } = record;
  return {
    id,
    state,
    attempt,
    // Of the caller's type by the caller's word, as with any stored data.
    input: decodeValue(record.input) as I,
    ...(error === undefined ? {} : { error }),
    createdAt,
    updatedAt,
    ...(leaseUntil === undefined ? {} : { leaseUntil }),
    expiresAt: expiresAt * 1_000,
  };
}

async function* toJobs<I>(records: AsyncIterable<JobRecord>): AsyncGenerator<Job<I>> {
  for await (const record of records) yield toJob<I>(record);
}

async function retryJob(context: JobContext, id: string): Promise<JobRecord> {
  const now = context.now();
  const found = await context.store.read(id, now);
  if (found === undefined) throw jobNotFound(id);
  if (found.state === 'pending') return found;
  const change = {
    type: 'retried',
    seenAttempt: found.attempt,
    now,
    expiresAt: expiryOf(context, now),
  } as const;
  const { applied, current } = await context.store.change(id, change, now);
  if (current === undefined) throw jobNotFound(id);
  if (applied) announce('failed', current);
  if (current.state === 'pending') return current;
  throw new FanfoldError('JobNotFailed', `job ${JSON.stringify(id)} is ${current.state}, and has not failed`);
}

/**
 * Creates idempotent job records: work by id whose result is recorded once, however often it is delivered, and whose
 * late workers are refused. Stored values come back as they were: JSON, and `undefined`, Dates, NaN and infinities too.
 *
 * Your work may run more than once (at least once): a worker that dies after a side effect and before the record cannot
 * undo it. The record is single: owner and attempt stand in the condition of every change. A claim is also a lock
 * with a fencing token, `attempt`. Changes of state are told on the diagnostics channel `fanfold:job`.
 *
 * AWS calls (with `dynamoJobStore`): `GetItem`, `PutItem`, `UpdateItem`; `Query` and `BatchGetItem` for lists and
 * counts; IAM `dynamodb:` of the same names on the table and, for `Query`, on its index.
 *
 * @throws FanfoldError `InvalidArgument` before any call. `run`: `JobBusy` (retryable, with `retryAfterMs`), `JobFailed`
 * for a job that failed before, `JobLeaseLost` (retryable), `FailureNotRecorded` (retryable:
 * the job failed for good, and its record could not be told), `UnstorableResult`, `ResultMissing` (retryable), and
 * whatever the work throws. `retry`: `JobNotFound`, `JobNotFailed`.
 * @example
 * ```ts
 * const jobs = createJobs({ store: dynamoJobStore({ client, tableName: 'fanfold' }) });
 * const report = await jobs.run('report-2026-11-21', ({ signal }) => buildReport({ signal }));
 * ```
 */
export function createJobs<I = unknown, R = unknown>(options: JobsOptions): Jobs<I, R> {
  const context = checkedContext(options);
  const { store, now } = context;
  const expectState = (status: JobState): void => {
    if (!jobStates.includes(status))
      throw invalidArgument('status', `one of ${jobStates.join(', ')}`, status);
  };

  return {
    async create(id, { input } = {}) {
      const { record, created } = await createJob(context, id, input);
      return { job: toJob(record), created };
    },
    async claim(id, claimOptions = {}) {
      const { status, record } = await claimRecord(context, id, claimOptions);
      const { attempt, leaseUntil = 0, error = toErrorInfo(undefined) } = record;
      if (status === 'claimed') return toClaimedJob(context, record, claimOptions.leaseMs ?? context.leaseMs);
      if (status === 'busy') return { status, attempt, retryAfterMs: Math.max(1, leaseUntil - now()) };
      if (record.state === 'failed') return { status, state: 'failed', attempt, error };
      const result = decodeValue(await readResult(context, record)) as R;
      return { status, state: 'succeeded', attempt, result };
    },
    run: (id, work, runOptions = {}) => runJob(context, id, work, runOptions),

    async get(id) {
      expectId('id', id);
      const record = await store.read(id, now());
      if (record === undefined) return undefined;
      if (record.state !== 'succeeded') return toJob(record);
      return { ...toJob<I>(record), result: decodeValue(await readResult(context, record)) as R };
    },
    list({ status }) {
      expectState(status);
      return toJobs(store.list(status, now()));
    },
    async stats() {
      const [pending = 0, inProgress = 0, succeeded = 0, failed = 0] = await Promise.all(
        jobStates.map((state) => store.count(state, now())),
      );
      return { pending, inProgress, succeeded, failed };
    },
    findStuck: (stuck = {}) => toJobs(stuckJobs(context, stuck)),
    resetStuck: (stuck = {}) => resetStuckJobs(context, stuck),
    async retry(id) {
      expectId('id', id);
      return toJob(await retryJob(context, id));
    },
  };
}
