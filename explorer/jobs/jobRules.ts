import type { JobChange, JobRecord } from '../../src/jobs/job.js';
import type { Applied, Judged } from '../callers/primitive.js';
import type { Violation } from '../model.js';
import type { Call } from '../process.js';
import { JOB, type JobMemory, liveJob, recordedResult } from './jobMemory.js';

/** What the reference model knows of the job. */
export interface JobKnowledge {
  /** Whose the job is: the process whose claim was applied last, with its lease. */
  readonly holder?: { readonly process: string; readonly until: number };
  readonly attempt: number;
  /** What was recorded. */
  readonly result?: string;
}

export const NOTHING_KNOWN: JobKnowledge = { attempt: 0 };

/** When a call was made, by its caller's clock: the store goes by that, also where the call arrives late. */
const timeOf = ({ args }: Call): number => Number(args.at(-1));

/** What every record must be, whoever wrote it. */
function checkWhole(job: JobRecord, memory: JobMemory): Violation | undefined {
  const { state, owner, leaseUntil, result, error, input } = job;
  const isHeld = owner !== undefined && leaseUntil !== undefined;
  const wholeness: Readonly<Record<JobRecord['state'], boolean>> = {
    pending: owner === undefined && leaseUntil === undefined && result === undefined,
    inProgress: isHeld && result === undefined,
    succeeded: leaseUntil === undefined && recordedResult(memory, job) !== undefined,
    failed: leaseUntil === undefined && error !== undefined && result === undefined,
  };
  if (wholeness[state] && input === '"input"') return undefined;
  return { rule: 'a record is whole', detail: `it is ${state}: ${JSON.stringify(job)}` };
}

/** Whether this process may do this to the job, by what the reference model knows. */
function checkRight(
  { holder, attempt, result }: JobKnowledge,
  { process, call, after }: Applied<JobMemory>,
  change: JobChange,
  was: JobRecord,
): Violation | undefined {
  const now = timeOf(call);
  const is = liveJob(after, now);
  if (result !== undefined) {
    const still = is === undefined ? 'nothing' : recordedResult(after, is);
    return still === result && is?.state === 'succeeded'
      ? { rule: 'a finished job is left alone', detail: `${process} wrote "${change.type}" to it` }
      : { rule: 'one result is recorded', detail: `it was "${result}", and is ${still} by ${process}` };
  }
  switch (change.type) {
    case 'claimed':
    case 'reset': {
      const isFree = holder === undefined || holder.until <= now;
      const isRight = was.state === 'inProgress' || (was.state === 'pending' && change.type === 'claimed');
      if (!isFree || !isRight) {
        const whose = holder === undefined ? was.state : `held by ${holder.process}`;
        return {
          rule: 'a lease is heeded',
          detail: `${process} wrote "${change.type}", and the job is ${whose}`,
        };
      }
      const next = change.type === 'claimed' ? attempt + 1 : attempt;
      if (is?.attempt === next) return undefined;
      return { rule: 'attempts only grow', detail: `${attempt} became ${is?.attempt} by ${process}` };
    }
    case 'retried':
      return was.state === 'failed'
        ? undefined
        : { rule: 'only a failed job is retried', detail: `it was ${was.state}` };
    default:
      if (holder?.process === process) return undefined;
      return {
        rule: 'nobody writes whose lease was lost',
        detail: `${process} wrote "${change.type}", and the job is ${holder === undefined ? 'nobody' : holder.process}'s`,
      };
  }
}

/** What is known after a change that was right. */
function learn(process: string, change: JobChange, memory: JobMemory, job: JobRecord): JobKnowledge {
  const { attempt } = job;
  switch (change.type) {
    case 'claimed':
    case 'heartbeat':
      return { attempt, holder: { process, until: change.until } };
    case 'succeeded':
      return { attempt, result: recordedResult(memory, job) ?? 'nothing' };
    default:
      return { attempt };
  }
}

/** A call changed the table. */
export function jobApplied(knows: JobKnowledge, applied: Applied<JobMemory>): Judged<JobKnowledge> {
  const { call, before, after, process } = applied;
  const now = timeOf(call);
  if (call.method === 'putText') {
    const job = after.jobs.get(JOB);
    const result = job && recordedResult(after, job);
    return result === knows.result
      ? { knows }
      : {
          knows,
          violation: { rule: 'one result is recorded', detail: `"${knows.result}" became "${result}"` },
        };
  }
  const was = liveJob(before, now);
  const is = liveJob(after, now);
  if (is === undefined) return { knows, violation: { rule: 'a record is whole', detail: 'the job is gone' } };
  const whole = checkWhole(is, after);
  if (call.method === 'create') {
    const violation = was && { rule: 'a job is created once', detail: `${process} replaced it` };
    const { attempt, leaseUntil } = is;
    return {
      knows: { attempt, ...(leaseUntil === undefined ? {} : { holder: { process, until: leaseUntil } }) },
      violation: violation ?? whole,
    };
  }
  const change = call.args[1] as JobChange;
  if (was === undefined)
    return { knows, violation: { rule: 'no ghost', detail: `${process} raised the job` } };
  const violation = checkRight(knows, applied, change, was) ?? whole;
  return violation === undefined ? { knows: learn(process, change, after, is) } : { knows, violation };
}
