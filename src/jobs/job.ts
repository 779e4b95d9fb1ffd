import type { ErrorInfo } from '../aggregation/outcome.js';

/** Where a job stands: pending → inProgress → succeeded or failed; failed → pending by `retry`. */
export const jobStates = ['pending', 'inProgress', 'succeeded', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

/** A result as it is stored: its text, or the key of the claim check that has it. */
export type StoredResult = { readonly text: string } | { readonly claimCheckKey: string };

/** A job as it is stored: always whole. */
export interface JobRecord {
  readonly id: string;
  readonly state: JobState;
  /** How often the job was claimed: a fencing token, because it only ever grows. */
  readonly attempt: number;
  /** Names the call that made the record, so that it knows its own write again. */
  readonly origin: string;
  /** Names the claim that works, or worked last; `undefined` while the job is pending. */
  readonly owner: string | undefined;
  /** In epoch ms, while in progress. */
  readonly leaseUntil: number | undefined;
  /** As text. */
  readonly input: string;
  readonly result: StoredResult | undefined;
  readonly error: ErrorInfo | undefined;
  /** In epoch ms. */
  readonly createdAt: number;
  /** When the state last changed, in epoch ms; heartbeats leave it alone. */
  readonly updatedAt: number;
  /** In epoch seconds. */
  readonly expiresAt: number;
}

/** Which claim is speaking: both stand in the condition of everything that it writes. */
export interface ClaimIdentity {
  readonly owner: string;
  readonly attempt: number;
}

/** What the holder of a claim may do to its job. */
export type HolderChange =
  | { readonly type: 'heartbeat'; readonly until: number }
  | { readonly type: 'succeeded'; readonly result: StoredResult }
  | { readonly type: 'failed'; readonly error: ErrorInfo }
  | { readonly type: 'released' };

/** What anyone may do who saw the job at an attempt: it is refused once there was another. */
type PublicChange =
  | { readonly type: 'claimed'; readonly seenAttempt: number; readonly owner: string; readonly until: number }
  | { readonly type: 'reset' | 'retried'; readonly seenAttempt: number };

/** One atomic, conditional write to a job; {@link changeJob} says when each is allowed. */
export type JobChange = ((HolderChange & ClaimIdentity) | PublicChange) & {
  /** In epoch ms. */
  readonly now: number;
  /** Until when the job is kept from now on, in epoch seconds. */
  readonly expiresAt: number;
};

/** Whether anyone may claim it: pending, or in progress under a lease that has run out. */
export function isClaimable({ state, leaseUntil = 0 }: JobRecord, now: number): boolean {
  return state === 'pending' || (state === 'inProgress' && leaseUntil <= now);
}

/** Whether this claim still holds the job; its lease may have run out, as long as nobody else claimed it. */
export function isHeldBy({ state, owner, attempt }: JobRecord, claim: ClaimIdentity): boolean {
  return state === 'inProgress' && owner === claim.owner && attempt === claim.attempt;
}

/** The job after a change, or `undefined` where the change is refused. */
export function changeJob(job: JobRecord, change: JobChange): JobRecord | undefined {
  const { now: updatedAt, expiresAt } = change;
  const pending: JobRecord = {
    ...job,
    state: 'pending',
    owner: undefined,
    leaseUntil: undefined,
    error: undefined,
    updatedAt,
    expiresAt,
  };
  switch (change.type) {
    case 'heartbeat':
      return isHeldBy(job, change) ? { ...job, leaseUntil: change.until, expiresAt } : undefined;
    case 'claimed': {
      if (!isClaimable(job, change.now) || job.attempt !== change.seenAttempt) return undefined;
      const { owner, until: leaseUntil } = change;
      return {
        ...job,
        state: 'inProgress',
        attempt: job.attempt + 1,
        owner,
        leaseUntil,
        updatedAt,
        expiresAt,
      };
    }
    case 'succeeded':
      if (!isHeldBy(job, change)) return undefined;
      return {
        ...job,
        state: 'succeeded',
        leaseUntil: undefined,
        result: change.result,
        updatedAt,
        expiresAt,
      };
    case 'failed':
      if (!isHeldBy(job, change)) return undefined;
      return { ...job, state: 'failed', leaseUntil: undefined, error: change.error, updatedAt, expiresAt };
    case 'released':
      return isHeldBy(job, change) ? pending : undefined;
    case 'reset': {
      const isStuck = job.state === 'inProgress' && isClaimable(job, change.now);
      return isStuck && job.attempt === change.seenAttempt ? pending : undefined;
    }
    case 'retried':
      return job.state === 'failed' && job.attempt === change.seenAttempt ? pending : undefined;
  }
}
