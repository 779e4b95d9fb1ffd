import { toErrorInfo } from '../aggregation/outcome.js';
import { expectId, expectInteger } from '../arguments.js';
import { LONGEST_TIMER_MS } from '../longestTimer.js';
import { changeClaimed } from './changeClaimed.js';
import { encodeInput } from './encodeInput.js';
import { decodeValue } from './encodeValue.js';
import { isClaimable, type JobRecord } from './job.js';
import { announce, expiryOf, type JobContext } from './jobContext.js';
import type { ClaimedJob, ClaimOptions } from './jobs.js';
import { storeResult } from './storeResult.js';

/** A job of this caller's, another's, or nobody's any more. */
export type ClaimedRecord = { readonly status: 'claimed' | 'busy' | 'finished'; readonly record: JobRecord };

/** Makes a job that is claimed from the start: one write, whole. */
async function begin(
  context: JobContext,
  id: string,
  owner: string,
  input: string,
  leaseMs: number,
): Promise<JobRecord | undefined> {
  const now = context.now();
  const job: JobRecord = {
    id,
    state: 'inProgress',
    attempt: 1,
    origin: owner,
    owner,
    leaseUntil: now + leaseMs,
    input,
    result: undefined,
    error: undefined,
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryOf(context, now),
  };
  const { current } = await context.store.create(job, now);
  if (current?.owner === owner) announce(undefined, current);
  return current;
}

/**
 * Takes the job, or says whose it is. Each round acts on what was read last, under the condition that it is still so;
 * a refused write answers with what stands there instead, which can be this caller's own, repeated by the SDK.
 */
export async function claimRecord<I>(
  context: JobContext,
  id: string,
  { input, leaseMs = context.leaseMs, retryFailed = false }: ClaimOptions<I>,
): Promise<ClaimedRecord> {
  expectId('id', id);
  expectInteger('leaseMs', leaseMs, 1, LONGEST_TIMER_MS);
  const { store, now } = context;
  const text = encodeInput(input);
  const owner = context.randomId();
  let record = await store.read(id, now());
  for (;;) {
    if (record?.owner === owner && record.state === 'inProgress') return { status: 'claimed', record };
    const at = now();
    const expiresAt = expiryOf(context, at);
    if (record === undefined) {
      record = await begin(context, id, owner, text, leaseMs);
    } else if (isClaimable(record, at)) {
      const { state: from, attempt: seenAttempt }: JobRecord = record;
      const until = at + leaseMs;
      const change = { type: 'claimed', seenAttempt, owner, now: at, until, expiresAt } as const;
      record = (await store.change(id, change, at)).current;
      if (record?.owner === owner) announce(from, record);
    } else if (record.state === 'failed' && retryFailed && record.error?.retryable === true) {
      const { applied, current } = await store.change(
        id,
        { type: 'retried', seenAttempt: record.attempt, now: at, expiresAt },
        at,
      );
      if (applied && current !== undefined) announce('failed', current);
      record = current;
    } else {
      return { status: record.state === 'inProgress' ? 'busy' : 'finished', record };
    }
  }
}

/** The claim as its holder has it; every method is fenced by the owner and the attempt of this record. */
export function toClaimedJob<I, R>(
  context: JobContext,
  record: JobRecord,
  leaseMs: number,
): ClaimedJob<I, R> {
  const { id, attempt, leaseUntil = 0 } = record;
  const finish = changeClaimed(context, record);
  return {
    status: 'claimed',
    id,
    attempt,
    // What was stored is of the caller's type by the caller's word, as with any stored data.
    input: decodeValue(record.input) as I,
    leaseUntil,
    async complete(result) {
      await finish({ type: 'succeeded', result: await storeResult(context, record, result) });
    },
    fail: (thrown) => finish({ type: 'failed', error: toErrorInfo(thrown) }),
    release: () => finish({ type: 'released' }),
    async heartbeat() {
      const until = context.now() + leaseMs;
      await finish({ type: 'heartbeat', until });
      return until;
    },
  };
}
