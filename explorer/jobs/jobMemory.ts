import { decodeValue } from '../../src/jobs/encodeValue.js';
import type { JobRecord } from '../../src/jobs/job.js';
import type { JobStore } from '../../src/jobs/jobStore.js';
import { memoryJobStore } from '../../src/jobs/memoryJobStore.js';

/** The table of jobs, and beside it the claim check. */
export interface JobMemory {
  readonly jobs: Map<string, JobRecord>;
  readonly texts: Map<string, string>;
}

/** The store of jobs and the claim check: each of its methods is one atomic step. */
export interface JobService extends JobStore {
  putText(key: string, text: string): Promise<void>;
  getText(key: string): Promise<string | undefined>;
}

export const JOB = 'job';

export function openJobMemory({ jobs, texts }: JobMemory): JobService {
  return {
    ...memoryJobStore(jobs),
    async putText(key, text) {
      texts.set(key, text);
    },
    getText: async (key) => texts.get(key),
  };
}

/** The job, unless it has expired. */
export function liveJob({ jobs }: JobMemory, now: number): JobRecord | undefined {
  const job = jobs.get(JOB);
  return job !== undefined && job.expiresAt * 1_000 > now ? job : undefined;
}

/** A result that does not fit into an item: only what it ends with is kept, or the explorer would run out of memory. */
export const PADDING = 'x'.repeat(400 * 1_024);

/** What is recorded; `undefined` where the result is nowhere. */
export function recordedResult({ texts }: JobMemory, { result }: JobRecord): string | undefined {
  if (result === undefined) return undefined;
  const text = 'text' in result ? result.text : texts.get(result.claimCheckKey);
  return text === undefined ? undefined : String(decodeValue(text)).replace(PADDING, '');
}
