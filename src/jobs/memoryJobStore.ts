import { openShelf } from '../openShelf.js';
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
  const shelf = openShelf(jobs);
  const inState = (state: JobState, now: number) => shelf.live(now).filter((job) => job.state === state);

  return {
    create: async (job, now) => shelf.create(job.id, job, now),
    read: async (id, now) => shelf.get(id, now),
    change: async (id, change, now) => shelf.change(id, now, (job) => changeJob(job, change)),
    async *list(state, now) {
      // Each is looked at when its turn comes: it may have moved on meanwhile.
      for (const { id } of inState(state, now)) {
        const job = shelf.get(id, now);
        if (job?.state === state) yield job;
      }
    },
    count: async (state, now) => inState(state, now).length,
  };
}
