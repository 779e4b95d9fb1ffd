import { createRandom } from '../../examples/createRandom.js';
import { isFanfoldError } from '../../src/errors.js';
import { createJobs } from '../../src/jobs/createJobs.js';
import type { JobStore, JobWritten } from '../../src/jobs/jobStore.js';
import { faultyPort, PortFaultError, seededFaults } from '../../test/faultyPort.js';
import type { StormTime } from './time.js';

export interface JobStorm {
  readonly seed: number;
  readonly workers: number;
  readonly jobs: number;
  /** One call in how many meets a fault. */
  readonly oneIn: number;
  readonly leaseMs: number;
  readonly longestMs: number;
}

/** What went wrong, and how often a late worker was refused. */
export interface JobVerdict {
  readonly problems: readonly string[];
  readonly refused: number;
}

/**
 * Workers whose clocks differ by a second take jobs that are delivered until they are acknowledged, with leases that are
 * mostly shorter than the work; some reset what is stuck, and some die.
 */
export async function stormJobs(
  inner: JobStore,
  time: StormTime,
  { seed, workers, jobs: count, oneIn, leaseMs, longestMs }: JobStorm,
): Promise<JobVerdict> {
  const random = createRandom(seed);
  const problems = new Set<string>();
  const finals = new Map<string, string>();
  const attempts = new Map<string, number>();
  // Every write is looked at, one after the other: a final state must stay, whoever comes, and attempts must grow.
  const turns = new Map<string, Promise<unknown>>();
  const watched: JobStore = {
    ...inner,
    change(id, change, now) {
      const written = (turns.get(id) ?? Promise.resolve()).then(() => changeAndLook(id, change, now));
      turns.set(
        id,
        written.catch(() => undefined),
      );
      return written;
    },
  };
  async function changeAndLook(...[id, change, now]: Parameters<JobStore['change']>): Promise<JobWritten> {
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
  }
  const faults = seededFaults(seed + 1, oneIn);
  const store = faultyPort(
    watched,
    (method) => (method === 'count' ? 'ok' : faults()),
    () => (random() < 0.05 ? time.sleep(random() * leaseMs) : undefined),
  );
  const queue = Array.from({ length: count }, (_, i) => `job ${i}`);
  const acknowledged = new Map<string, unknown>();
  let refused = 0;

  const work = async (name: number): Promise<void> => {
    const skew = Math.floor(random() * 1_000);
    const jobs = createJobs<string, string>({ store, leaseMs, now: () => time.now() + skew });
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      try {
        const claim = await jobs.claim(id, { input: id });
        if (claim.status === 'finished') {
          if (claim.state === 'succeeded') acknowledged.set(id, claim.result);
          continue;
        }
        if (claim.status === 'busy') {
          // As a queue does: it comes back later, and sometimes too soon.
          await time.sleep(random() * leaseMs);
          queue.push(id);
          continue;
        }
        const attempt = claim.attempt;
        await time.sleep(random() < 0.7 ? leaseMs * (0.9 + random()) : leaseMs * 0.3);
        if (random() < 0.05) queue.push(id, id);
        else {
          // A redelivery while the first one is still at work.
          if (random() < 0.5) queue.unshift(id);
          await time.sleep(random() * leaseMs);
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
  await time.run(working, time.now() + longestMs).catch((error: Error) => problems.add(error.message));

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
