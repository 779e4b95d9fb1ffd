import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobVerdict, stormJobs } from '../../explorer/stress/stormJobs.js';
import { realTime } from '../../explorer/stress/time.js';
import { dynamoJobStore, type JobStore, memoryJobStore } from '../../src/jobs/index.js';
import { changeJob, type JobChange, type JobRecord } from '../../src/jobs/job.js';
import { startTable } from '../startTable.js';
import { virtualTime } from '../virtualTime.js';

const START = 1_800_000_000_000;

interface Simulation {
  readonly seed: number;
  readonly workers: number;
  readonly jobs: number;
  readonly oneIn: number;
}

const simulate = (getStore: () => JobStore, simulation: Simulation): Promise<JobVerdict> =>
  stormJobs(getStore(), virtualTime(START), { ...simulation, leaseMs: 1_000, longestMs: 1_200_000 });

/** A memory store whose rule is broken in one way. */
function brokenStore(rule: (job: JobRecord, change: JobChange) => JobRecord | undefined): JobStore {
  const jobs = new Map<string, JobRecord>();
  const memory = memoryJobStore();
  return {
    ...memory,
    async create(job) {
      const found = jobs.get(job.id);
      if (found === undefined) jobs.set(job.id, job);
      return { applied: found === undefined, current: found ?? job };
    },
    read: async (id) => jobs.get(id),
    async change(id, change) {
      const found = jobs.get(id);
      const changed = found && rule(found, change);
      if (changed !== undefined) jobs.set(id, changed);
      return { applied: changed !== undefined, current: changed ?? found };
    },
    async *list(state) {
      for (const job of [...jobs.values()]) if (job.state === state) yield job;
    },
  };
}

describe('createJobs under faults', () => {
  it('records one result for each of 1,000 jobs by 64 workers, with leases shorter than the work', async () => {
    const { problems, refused } = await simulate(memoryJobStore, {
      seed: 1,
      workers: 64,
      jobs: 1_000,
      oneIn: 50,
    });
    console.log(`refused late writers: ${refused}`);
    expect(problems).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });

  it('records one result whatever is lost, fails or is repeated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 12 }),
        async (seed, workers, jobs) => {
          expect((await simulate(memoryJobStore, { seed, workers, jobs, oneIn: 6 })).problems).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('records one result for each job on DynamoDB, in real time', async () => {
    const table = await startTable();
    try {
      const storm = { seed: 1, workers: 8, jobs: 16, oneIn: 20, leaseMs: 200, longestMs: 45_000 };
      expect((await stormJobs(dynamoJobStore(table), realTime(), storm)).problems).toEqual([]);
    } finally {
      await table.stop();
    }
  });

  it.each<[string, (job: JobRecord, change: JobChange) => JobRecord | undefined]>([
    [
      'neither owner nor attempt in the condition',
      (job, change) =>
        'owner' in change && change.type !== 'claimed'
          ? changeJob({ ...job, state: 'inProgress', owner: change.owner, attempt: change.attempt }, change)
          : changeJob(job, change),
    ],
    [
      'a lease without expiry',
      (job, change) => {
        const changed = changeJob(job, change);
        return changed && change.type === 'claimed' ? { ...changed, leaseUntil: START * 2 } : changed;
      },
    ],
    [
      'a reset that ignores the attempt',
      (job, change) =>
        change.type === 'reset'
          ? changeJob({ ...job, state: 'inProgress', leaseUntil: 0, attempt: change.seenAttempt }, change)
          : changeJob(job, change),
    ],
    [
      'a result that is written before the state, by anyone',
      (job, change) =>
        changeJob(job, change) ??
        (change.type === 'succeeded' ? { ...job, result: change.result } : undefined),
    ],
    [
      'the state written before the result',
      (job, change) => {
        const changed = changeJob(job, change);
        return changed && change.type === 'succeeded' ? { ...changed, result: undefined } : changed;
      },
    ],
  ])('would notice %s', async (_, rule) => {
    const verdicts: Promise<JobVerdict>[] = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      verdicts.push(simulate(() => brokenStore(rule), { seed, workers: 16, jobs: 60, oneIn: 20 }));
    }
    expect((await Promise.all(verdicts)).flatMap(({ problems }) => problems)).not.toEqual([]);
  });
});
