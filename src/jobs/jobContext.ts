import { channel } from 'node:diagnostics_channel';
import type { ClaimCheck } from '../claimCheck.js';
import type { JobRecord, JobState } from './job.js';
import type { JobStore } from './jobStore.js';

/** What every step works with: the options of `createJobs`, checked and complete. */
export interface JobContext {
  readonly store: JobStore;
  readonly claimCheck: ClaimCheck | undefined;
  readonly leaseMs: number;
  readonly ttlSeconds: number;
  readonly now: () => number;
  readonly randomId: () => string;
}

/** What the diagnostics channel `fanfold:job` tells of each change of state: no inputs, results or errors. */
export interface JobEvent {
  readonly id: string;
  /** `undefined` for a job that is new. */
  readonly from: JobState | undefined;
  readonly to: JobState;
  readonly attempt: number;
  /** In epoch ms. */
  readonly at: number;
}

const jobChannel = channel('fanfold:job');

/** Tells whoever listens on `fanfold:job`. */
export function announce(from: JobState | undefined, { id, state, attempt, updatedAt }: JobRecord): void {
  if (!jobChannel.hasSubscribers) return;
  const event: JobEvent = { id, from, to: state, attempt, at: updatedAt };
  jobChannel.publish(event);
}

/** When a job that changes now expires, in epoch seconds. */
export function expiryOf({ ttlSeconds }: JobContext, now: number): number {
  return Math.ceil(now / 1_000) + ttlSeconds;
}
