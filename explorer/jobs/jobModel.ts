import { isFanfoldError } from '../../src/errors.js';
import type { JobChange } from '../../src/jobs/job.js';
import { callersModel } from '../callers/callersModel.js';
import { type Ended, type Judged, type Primitive, START } from '../callers/primitive.js';
import { type CallOutcome, outcomes } from '../callOutcome.js';
import type { Mutant, Subject, Violation } from '../model.js';
import type { Call } from '../process.js';
import { BusyError, type DeedName, jobCallers } from './jobCallers.js';
import { JOB, type JobMemory, liveJob, openJobMemory, recordedResult } from './jobMemory.js';
import { type JobKnowledge, jobApplied, NOTHING_KNOWN } from './jobRules.js';
import type { JobMutation, JobSetting } from './jobSetting.js';

function outcomesOf(method: string): readonly CallOutcome[] {
  // A read that is lost or repeated is to everybody the same as one that failed or went well; so is a text that is put.
  const isSimple = ['read', 'list', 'getText', 'putText', 'work', 'publish'].includes(method);
  return isSimple ? ['ok', 'fail'] : outcomes;
}

/** A reason to ask again. */
const isPassing = (error: unknown) =>
  error instanceof BusyError ||
  (isFanfoldError(error) && ['JobBusy', 'JobLeaseLost', 'ResultMissing', 'JobExpired'].includes(error.code));

function checkThrown(
  { process, isFaulty, memory, now }: Ended<JobMemory>,
  error: unknown,
): Violation | undefined {
  if (isFanfoldError(error, 'ResultMissing') && !isFaulty)
    return { rule: 'one result is recorded', detail: `${process} finds no result` };
  if (isFanfoldError(error, 'JobFailed') && liveJob(memory, now)?.state === 'succeeded')
    return {
      rule: 'an answer is what is recorded',
      detail: `${process} is told that a job failed that did not`,
    };
  const isExpected = isFaulty || isPassing(error) || isFanfoldError(error, 'JobFailed');
  return isExpected
    ? undefined
    : { rule: 'no unexpected error', detail: `${process} threw ${String(error)}` };
}

const isWork = (deed: DeedName) => ['runs', 'claims', 'redrives'].includes(deed);

function jobEnded(
  { callers }: JobSetting,
  knows: JobKnowledge,
  ended: Ended<JobMemory>,
): Judged<JobKnowledge> & { readonly isDone: boolean } {
  const { ending, process, memory } = ended;
  if (ending.type === 'threw') {
    const isDone = isFanfoldError(ending.error, 'JobFailed');
    return { knows, isDone, violation: checkThrown(ended, ending.error) };
  }
  const deed = callers['abcd'.indexOf(ended.caller)];
  const isTold = deed !== undefined && (isWork(deed) || (deed === 'reads' && ending.value !== undefined));
  // Expired or not: what was written last is what the answer goes by.
  const job = memory.jobs.get(JOB);
  const recorded = job === undefined ? undefined : recordedResult(memory, job);
  if (!isTold || ending.value === recorded) return { knows, isDone: true };
  const detail = `${process} was told "${String(ending.value)}", and recorded is "${recorded}"`;
  return { knows, isDone: true, violation: { rule: 'an answer is what is recorded', detail } };
}

function checkEnding({ callers }: JobSetting, memory: JobMemory, clock: number): Violation | undefined {
  const job = liveJob(memory, clock);
  const isWanted = callers.some(isWork);
  const isFinished = job === undefined || job.state === 'succeeded' || job.state === 'failed';
  return isWanted && !isFinished
    ? { rule: 'what runs again finishes the job', detail: `in the end it is ${job.state}` }
    : undefined;
}

/** A call in a few words. */
function say({ method, args }: Call): string {
  if (method === 'work') return 'works';
  if (method === 'publish') return `publishes under the fencing token ${args[0]}`;
  if (method === 'create') {
    const { state, attempt } = args[0] as { state: string; attempt: number };
    return `creates the job, ${state} at attempt ${attempt}`;
  }
  if (method === 'change') {
    const { type, now, expiresAt: _, ...rest } = args[1] as JobChange;
    const said = 'until' in rest ? { ...rest, until: rest.until - START } : rest;
    return `writes "${type}" at ${now - START} ms: ${JSON.stringify(said)}`;
  }
  const names: Readonly<Record<string, string>> = {
    read: 'reads the job',
    list: 'lists the jobs in progress',
    putText: `puts the result into the claim check: ${args[0]}`,
    getText: `gets the result from the claim check: ${args[0]}`,
  };
  return names[method] ?? method;
}

function jobPrimitive(setting: JobSetting): Primitive<JobKnowledge, JobMemory> {
  return {
    callers: jobCallers(setting),
    ticks: setting.ticks,
    fresh: { jobs: new Map(), texts: new Map() },
    open(memory) {
      const service = openJobMemory(memory);
      return setting.mutant?.table?.(service, memory) ?? service;
    },
    knows: NOTHING_KNOWN,
    outcomesOf,
    applied: jobApplied,
    ended: (knows, ended) => jobEnded(setting, knows, ended),
    checkEnding: (_, memory, clock) => checkEnding(setting, memory, clock),
    say,
  };
}

export function jobSubject(setting: JobSetting): Subject {
  const { name, callers, share } = setting;
  return {
    name,
    size: `${callers.length} callers`,
    share,
    create: () => callersModel(jobPrimitive(setting)),
  };
}

/** A protocol of jobs that is broken on purpose, in one place. */
export interface JobMutant extends JobMutation {
  readonly name: string;
  readonly wrong: string;
  readonly setting: JobSetting;
  readonly faults: number;
}

export function jobMutant({ name, wrong, setting, faults, ...mutant }: JobMutant): Mutant {
  const broken = jobSubject({ ...setting, mutant });
  return { name, wrong, faults, sound: jobSubject(setting), broken };
}
