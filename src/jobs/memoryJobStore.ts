import { changeJob, type JobRecord, type JobState } from './job.js';
import type { JobStore } from './jobStore.js';

/**
 * A job store in this process's memory, for tests and for jobs that live and die with one process. It obeys the same
 * contract suite as the DynamoDB store.
 *
 * @example
 * ```ts
 * const jobs = createJobs({ store: memoryJobStore() });
 * ```
 */
export function memoryJobStore(jobs: Map<string, JobRecord> = new Map()): JobStore {
  const live = (id: string, now: number): JobRecord | undefined => {
    const job = jobs.get(id);
    return job !== undefined && job.expiresAt * 1_000 > now ? job : undefined;
  };
  const inState = (state: JobState, now: number): JobRecord[] =>
    [...jobs.values()].filter((job) => job.state === state && live(job.id, now) !== undefined);

  return {
    async create(job, now) {
      const found = live(job.id, now);
      if (found === undefined) jobs.set(job.id, job);
      return { applied: found === undefined, current: found ?? job };
    },
    async read(id, now) {
      return live(id, now);
    },
    async change(id, change, now) {
      const found = live(id, now);
      const changed = found && changeJob(found, change);
      if (changed !== undefined) jobs.set(id, changed);
      return { applied: changed !== undefined, current: changed ?? found };
    },
    async *list(state, now) {
      // Each is looked at when its turn comes: it may have moved on meanwhile.
      for (const { id } of inState(state, now)) {
        const job = live(id, now);
        if (job?.state === state) yield job;
      }
    },
    async count(state, now) {
      return inState(state, now).length;
    },
  };
}
