import { randomBytes } from 'node:crypto';
import { expectFunction, expectId } from '../../arguments.js';
import type { Pattern } from './resource.js';
import { taskError } from './taskError.js';

/** One run of a job that stands behind `glue:startJobRun`. */
export interface JobRun {
  readonly jobName: string;
  readonly runId: string;
  /** As the state machine gives them. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Aborted when the state machine waits no longer. */
  readonly signal: AbortSignal;
}

export type LocalJob = (run: JobRun) => unknown;
export type RunJob = (
  input: Readonly<Record<string, unknown>>,
  pattern: Pattern,
  signal: AbortSignal,
) => Promise<unknown>;

/** Jobs by name, and the resource that runs them: what a job returns is dropped, as Glue drops it. */
export function createJobRunner(now: () => number): {
  register(name: string, job: LocalJob): void;
  readonly run: RunJob;
} {
  const jobs = new Map<string, LocalJob>();
  return {
    register(name, job) {
      expectId('name', name);
      expectFunction('job', job);
      jobs.set(name, job);
    },
    async run({ JobName, Arguments }, pattern, signal) {
      const job = jobs.get(String(JobName));
      if (job === undefined) {
        throw taskError('Glue.EntityNotFoundException', `Failed to start job run: no job ${String(JobName)}`);
      }
      const given: Readonly<Record<string, unknown>> = { ...(Arguments as object | undefined) };
      const runId = `jr_${randomBytes(32).toString('hex')}`;
      const startedAt = now();
      const started = { Id: runId, JobName, Arguments: given, Attempt: 0, StartedOn: startedAt };
      const running = (async () => job({ jobName: String(JobName), runId, arguments: given, signal }))();
      if (pattern === 'requestResponse') {
        // Nobody waits for it: as on AWS, only the job itself knows how it ends.
        running.catch(() => {});
        return { JobRunId: runId };
      }
      const end = () => ({ CompletedOn: now(), ExecutionTime: Math.ceil((now() - startedAt) / 1_000) });
      try {
        await running;
        return { ...started, ...end(), JobRunState: 'SUCCEEDED' };
      } catch (error) {
        const ErrorMessage = error instanceof Error ? error.message : String(error);
        const failed = { ...started, ...end(), JobRunState: 'FAILED', ErrorMessage };
        throw taskError('States.TaskFailed', JSON.stringify(failed));
      }
    },
  };
}
