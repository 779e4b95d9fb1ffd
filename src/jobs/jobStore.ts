import type { JobChange, JobRecord, JobState } from './job.js';

/** The answer of a conditional write. `current` is what stands there now; `undefined` when there is nothing. */
export interface JobWritten {
  readonly applied: boolean;
  readonly current: JobRecord | undefined;
}

/**
 * Where jobs live. `create`, `read` and `change` are each one atomic call on one item, strongly consistent, so that a
 * caller can die between any two of them. A refused condition is an answer, not an error; a call that throws may have
 * been applied. `now` is in epoch ms: a job whose `expiresAt` is not after it is gone, deleted or not.
 */
export interface JobStore {
  /** Puts a job where there is none; answers with the one that stands there. */
  create(job: JobRecord, now: number): Promise<JobWritten>;
  read(id: string, now: number): Promise<JobRecord | undefined>;
  change(id: string, change: JobChange, now: number): Promise<JobWritten>;
  /** The jobs in a state, in no order. Found eventually consistent, then read as they are: each really is in it. */
  list(state: JobState, now: number): AsyncIterable<JobRecord>;
  /** How many jobs are in a state; eventually consistent. */
  count(state: JobState, now: number): Promise<number>;
}
