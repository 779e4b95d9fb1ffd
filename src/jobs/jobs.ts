import type { ErrorInfo } from '../aggregation/outcome.js';
import type { JobState } from './job.js';

/** A job as it stands, without its result; see {@link Jobs.get}. */
export interface Job<I = unknown> {
  readonly id: string;
  readonly state: JobState;
  /** How often it was claimed: a fencing token. It starts anew once the record has expired. */
  readonly attempt: number;
  readonly input: I;
  /** Why it failed. */
  readonly error?: ErrorInfo;
  /** In epoch ms, like all times here. */
  readonly createdAt: number;
  /** When the state last changed. */
  readonly updatedAt: number;
  /** Until when its worker has it for itself. */
  readonly leaseUntil?: number;
  readonly expiresAt: number;
}

/** A job with what came of it. */
export interface JobWithResult<I = unknown, R = unknown> extends Job<I> {
  /** Where it succeeded. */
  readonly result?: R;
}

/** What {@link Jobs.claim} takes. */
export interface ClaimOptions<I = unknown> {
  /** Stored where the job is new; the first input stays. @default undefined */
  readonly input?: I;
  /** How long the claim holds without a heartbeat, in ms. @default the `leaseMs` of `createJobs` */
  readonly leaseMs?: number;
  /** Whether a job that failed with a retryable error is claimed again instead of answered. @default false */
  readonly retryFailed?: boolean;
}

/** A job that is this caller's. Every method throws `JobLeaseLost` once it is not any more. */
export interface ClaimedJob<I = unknown, R = unknown> {
  readonly status: 'claimed';
  readonly id: string;
  /** A fencing token: hand it to whatever the work writes, and refuse there what carries a smaller one. */
  readonly attempt: number;
  readonly input: I;
  readonly leaseUntil: number;
  /** Records the result; one that cannot be stored throws `UnstorableResult`, and the claim stays. */
  complete(result: R): Promise<void>;
  /** Records what was thrown: name, message, code and whether it is retryable. */
  fail(thrown: unknown): Promise<void>;
  /** Extends the lease; answers until when. */
  heartbeat(): Promise<number>;
  /** Gives the job back undone: it is pending again. What a lock wants in the end. */
  release(): Promise<void>;
}

/** What became of a wish to work on a job. */
export type Claim<I = unknown, R = unknown> =
  | ClaimedJob<I, R>
  | { readonly status: 'busy'; readonly retryAfterMs: number; readonly attempt: number }
  | { readonly status: 'finished'; readonly state: 'succeeded'; readonly attempt: number; readonly result: R }
  | {
      readonly status: 'finished';
      readonly state: 'failed';
      readonly attempt: number;
      readonly error: ErrorInfo;
    };

/** What the work of {@link Jobs.run} is told. */
export interface JobRunContext<I = unknown> {
  readonly id: string;
  readonly attempt: number;
  /** As it was first stored. */
  readonly input: I;
  /** Aborts when the lease is lost, or the caller's signal aborts: stop then, as the result is not wanted any more. */
  readonly signal: AbortSignal;
}

/** What {@link Jobs.run} takes. */
export interface RunOptions<I = unknown> extends ClaimOptions<I> {
  /** Ends the heartbeats: the lease runs out, and another may claim the job. */
  readonly signal?: AbortSignal;
}

/** Which jobs count as stuck. */
export interface StuckOptions {
  /** How long the lease has been over, in ms. @default 0 */
  readonly stuckForMs?: number;
  /** The most jobs to look for. @default 1_000 */
  readonly limit?: number;
}

/** Idempotent job records; see `createJobs`. */
export interface Jobs<I = unknown, R = unknown> {
  /** Makes a pending job where there is none; never overwrites one, and never resets a finished one. */
  create(
    id: string,
    options?: { readonly input?: I },
  ): Promise<{ readonly job: Job<I>; readonly created: boolean }>;
  /** Takes a job for this caller, making it where there is none. */
  claim(id: string, options?: ClaimOptions<I>): Promise<Claim<I, R>>;
  /** The whole life cycle: claims, works with heartbeats, records. A later caller gets the stored result. */
  run<T extends R>(
    id: string,
    work: (context: JobRunContext<I>) => T | PromiseLike<T>,
    options?: RunOptions<I>,
  ): Promise<T>;
  /** The job with its result; `undefined` when it does not exist or has expired. */
  get(id: string): Promise<JobWithResult<I, R> | undefined>;
  /** The jobs in a state, in no order; what changed in the last moments can be missing. */
  list(options: { readonly status: JobState }): AsyncIterable<Job<I>>;
  /** How many jobs are in each state; what changed in the last moments can be missing. */
  stats(): Promise<Readonly<Record<JobState, number>>>;
  /** Jobs in progress whose lease has run out: their workers died. Anyone may claim them, if anyone comes. */
  findStuck(options?: StuckOptions): AsyncIterable<Job<I>>;
  /** Makes the stuck ones pending again, each only if nobody claimed it meanwhile; answers their ids. */
  resetStuck(options?: StuckOptions): Promise<readonly string[]>;
  /** Makes a failed job pending again; a pending one stays so. */
  retry(id: string): Promise<Job<I>>;
}
