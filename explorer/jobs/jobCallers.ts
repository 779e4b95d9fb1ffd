import { isFanfoldError } from '../../src/errors.js';
import { createJobs } from '../../src/jobs/createJobs.js';
import type { JobRecord } from '../../src/jobs/job.js';
import type { Jobs } from '../../src/jobs/jobs.js';
import type { Caller } from '../callers/primitive.js';
import type { Environment } from '../process.js';
import { yielding, yieldingList } from '../yielding.js';
import { JOB, type JobService, PADDING } from './jobMemory.js';
import type { JobSetting } from './jobSetting.js';

const METHODS = ['create', 'read', 'change', 'putText', 'getText'] as const;

/** Who has found the job in progress elsewhere, and comes again. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

function equip(environment: Environment, { leaseMs, ttlSeconds, isLarge, mutant }: JobSetting): Jobs {
  const { now, randomId } = environment;
  const yieldingStore: JobService = {
    ...yielding<JobService>(environment, METHODS),
    // As on DynamoDB: what an index found at one moment is read at another.
    async *list(state, now) {
      for await (const { id } of yieldingList<JobRecord>(environment, 'list', state, now)) {
        const job = await yieldingStore.read(id, now);
        if (job?.state === state) yield job;
      }
    },
  };
  const store = mutant?.store?.(yieldingStore) ?? yieldingStore;
  const claimCheck = {
    put: (key: string, text: string) => store.putText(key, text.replace(PADDING, '')),
    async get(key: string) {
      const text = (await store.getText(key)) ?? '';
      return text.replace('"', `"${PADDING}`);
    },
  };
  return createJobs({ store, leaseMs, ttlSeconds, now, randomId, ...(isLarge ? { claimCheck } : {}) });
}

/** What somebody does with a job; its answer is what it believes to be the result. */
type Deed = (jobs: Jobs, environment: Environment, setting: JobSetting) => Promise<unknown>;

const toResult = ({ isLarge }: JobSetting, environment: Environment) =>
  `${isLarge ? PADDING : ''}by ${environment.randomId()}`;
const withoutPadding = (result: unknown) => String(result).replace(PADDING, '');

const runs: Deed = async (jobs, environment, setting) => {
  const result = await jobs.run(
    JOB,
    async () => {
      await environment.call('work');
      return toResult(setting, environment);
    },
    { input: 'input', retryFailed: setting.retryFailed },
  );
  return withoutPadding(result);
};

/** Each of them is repeated from its start until it is answered. */
const deeds = {
  runs,
  async claims(jobs, environment, setting) {
    const claim = await jobs.claim(JOB, { input: 'input', retryFailed: setting.retryFailed });
    if (claim.status === 'busy') throw new BusyError('busy');
    if (claim.status === 'finished')
      return claim.state === 'failed' ? undefined : withoutPadding(claim.result);
    await environment.call('work');
    await claim.heartbeat();
    const result = toResult(setting, environment);
    await claim.complete(result);
    return withoutPadding(result);
  },
  /** A lock: what is done under it is nobody's result. */
  async locks(jobs, environment) {
    const claim = await jobs.claim(JOB, { input: 'input' });
    if (claim.status !== 'claimed') throw new BusyError('busy');
    await environment.call('publish', claim.attempt);
    await claim.release();
  },
  async creates(jobs) {
    await jobs.create(JOB, { input: 'input' });
  },
  /** The failed work is to be done again. */
  async redrives(jobs, environment, setting) {
    try {
      await jobs.retry(JOB);
    } catch (error) {
      if (!isFanfoldError(error, 'JobNotFailed') && !isFanfoldError(error, 'JobNotFound')) throw error;
    }
    return runs(jobs, environment, setting);
  },
  async resets(jobs) {
    await jobs.resetStuck();
  },
  async reads(jobs) {
    const job = await jobs.get(JOB);
    return job?.state === 'succeeded' ? withoutPadding(job.result) : undefined;
  },
} satisfies Record<string, Deed>;

export type DeedName = keyof typeof deeds;

const words: Readonly<Record<DeedName, string>> = {
  runs: 'runs the job',
  claims: 'claims the job, works on it and completes it',
  locks: 'takes the job as a lock, and gives it back',
  creates: 'creates the job',
  redrives: 'makes the job pending again if it has failed, and runs it',
  resets: 'resets what is stuck',
  reads: 'reads the job',
};

/** The callers of a setting, named a, b, c. */
export function jobCallers(setting: JobSetting): Caller[] {
  return setting.callers.map((deed, position) => {
    const aheadMs = setting.aheadMs[position] ?? 0;
    return {
      name: 'abcd'.charAt(position),
      does: words[deed],
      aheadMs,
      run: (environment) => deeds[deed](equip(environment, setting), environment, setting),
    };
  });
}
