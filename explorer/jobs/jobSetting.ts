import type { DeedName } from './jobCallers.js';
import type { JobMemory, JobService } from './jobMemory.js';

/** One place in which the protocol of jobs is broken on purpose. */
export interface JobMutation {
  /** The store as a process sees it: each call that it makes is a yield point of its own. */
  readonly store?: (store: JobService) => JobService;
  /** The table itself: whatever it does is one atomic step. */
  readonly table?: (store: JobService, memory: JobMemory) => JobService;
}

/** A job and those who want something of it. */
export interface JobSetting {
  readonly name: string;
  readonly callers: readonly DeedName[];
  /** Times to which the clock may jump at any moment, in ms after the start. */
  readonly ticks: readonly number[];
  readonly leaseMs: number;
  readonly ttlSeconds: number;
  /** How far each caller's clock is ahead, in ms. */
  readonly aheadMs: readonly number[];
  /** Whether results go to a claim check. */
  readonly isLarge: boolean;
  /** Whether a job that failed is claimed again. */
  readonly retryFailed: boolean;
  readonly share: number;
  readonly mutant: JobMutation | undefined;
}

const defaults: Omit<JobSetting, 'name' | 'callers'> = {
  ticks: [1_100],
  leaseMs: 1_000,
  ttlSeconds: 1_000_000,
  aheadMs: [],
  isLarge: false,
  retryFailed: false,
  share: 1,
  mutant: undefined,
};

export function jobSetting(
  name: string,
  callers: readonly DeedName[],
  options: Partial<JobSetting> = {},
): JobSetting {
  return { ...defaults, ...options, name, callers };
}
