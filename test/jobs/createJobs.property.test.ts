import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFanfoldError } from '../../src/errors.js';
import { createJobs, type JobStore, memoryJobStore } from '../../src/jobs/index.js';
import { changeJob, type JobChange, type JobRecord } from '../../src/jobs/job.js';
import { faultyPort, PortFaultError, seededFaults, seededRandom } from '../faultyPort.js';
import { virtualTime } from '../virtualTime.js';

const START = 1_800_000_000_000;
const LEASE_MS = 1_000;
const LONGEST_MS = 1_200_000;

interface Simulation {
  readonly seed: number;
  readonly workers: number;
  readonly jobs: number;
  /** One call in how many meets a fault. */
  readonly oneIn: number;
}

/** What went wrong, and how often a late worker was refused. */
interface Verdict {
  readonly problems: readonly string[];
  readonly refused: number;
}

/**
 * Workers whose clocks differ by a second take jobs that are delivered until they are acknowledged, with leases that are
 * mostly shorter than the work; some reset what is stuck, and some die.
 */
async function simulate(
  getStore: () => JobStore,
  { seed, workers, jobs: count, oneIn }: Simulation,
): Promise<Verdict> {
  const time = virtualTime(START);
  const random = seededRandom(seed);
  const inner = getStore();
  const problems = new Set<string>();
  const finals = new Map<string, string>();
  const attempts = new Map<string, number>();
  // Every write is looked at: a final state must stay, whoever comes, and attempts must grow.
  const watched: JobStore = {
    ...inner,
    async change(id, change, now) {
      const answer = await inner.change(id, change, now);
      const job = await inner.read(id, time.now());
      if (job === undefined) return answer;
      if (job.attempt < (attempts.get(id) ?? 0)) problems.add('an attempt went back');
      attempts.set(id, job.attempt);
      const final = job.state === 'succeeded' ? JSON.stringify([job.result, job.attempt]) : undefined;
      const before = finals.get(id);
      if (before !== undefined && before !== final) problems.add('a recorded result changed');
      if (final !== undefined) finals.set(id, final);
      if (job.state === 'succeeded' && job.result === undefined) problems.add('succeeded without a result');
      return answer;
    },
  };
  const faults = seededFaults(seed + 1, oneIn);
  const store = faultyPort(
    watched,
    (method) => (method === 'count' ? 'ok' : faults()),
    () => (random() < 0.05 ? time.sleep(random() * LEASE_MS) : undefined),
  );
  const queue = Array.from({ length: count }, (_, i) => `job ${i}`);
  const acknowledged = new Map<string, unknown>();
  let refused = 0;

  const work = async (name: number): Promise<void> => {
    const skew = Math.floor(random() * 1_000);
    const jobs = createJobs<string, string>({ store, leaseMs: LEASE_MS, now: () => time.now() + skew });
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      try {
        const claim = await jobs.claim(id, { input: id });
        if (claim.status === 'finished') {
          if (claim.state === 'succeeded') acknowledged.set(id, claim.result);
          continue;
        }
        if (claim.status === 'busy') {
          // As a queue does: it comes back later, and sometimes too soon.
          await time.sleep(random() * LEASE_MS);
          queue.push(id);
          continue;
        }
        const attempt = claim.attempt;
        await time.sleep(random() < 0.7 ? LEASE_MS * (0.9 + random()) : LEASE_MS * 0.3);
        if (random() < 0.05) queue.push(id, id);
        else {
          // A redelivery while the first one is still at work.
          if (random() < 0.5) queue.unshift(id);
          await time.sleep(random() * LEASE_MS);
          const result = `${id} by ${name} at ${attempt}`;
          await claim.complete(result);
          acknowledged.set(id, result);
        }
        if (random() < 0.1) await jobs.resetStuck();
      } catch (error) {
        if (isFanfoldError(error, 'JobLeaseLost')) refused += 1;
        else if (!(error instanceof PortFaultError)) throw error;
        queue.push(id);
      }
    }
  };
  const working = Promise.all(Array.from({ length: workers }, (_, name) => work(name)));
  await time.run(working, START + LONGEST_MS).catch((error: Error) => problems.add(error.message));

  const reader = createJobs({ store: inner, now: time.now });
  for (let i = 0; i < count; i += 1) {
    const id = `job ${i}`;
    const job = await reader.get(id).catch((error: Error) => void problems.add(error.message));
    if (job?.state !== 'succeeded') problems.add(`a job ended as ${job?.state}`);
    else if (job?.result !== acknowledged.get(id))
      problems.add('an acknowledged result is not the recorded one');
    if (job?.input !== id) problems.add('a job lost its input');
  }
  return { problems: [...problems], refused };
}

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
    const verdicts: Promise<Verdict>[] = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      verdicts.push(simulate(() => brokenStore(rule), { seed, workers: 16, jobs: 60, oneIn: 20 }));
    }
    expect((await Promise.all(verdicts)).flatMap(({ problems }) => problems)).not.toEqual([]);
  });
});
