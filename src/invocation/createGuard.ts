import { isFanfoldError } from '../errors.js';
import type { Semaphore } from '../fanout/index.js';
import type { Jobs } from '../jobs/index.js';
import { deadlineNear } from './createProcessContext.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import type { JobMark } from './processContext.js';

/** The job record of each input: what `createWorker` takes as `jobs`. */
export interface WorkerJobs<Input> {
  /** What `createJobs` made. */
  readonly jobs: Pick<Jobs, 'run'>;
  /** The job of an input: the same for every delivery of the same work. */
  readonly id: (input: Input) => string;
}

/** The slot that an input needs while it is processed. */
export interface WorkerSlot {
  /** What `createSemaphore` made. */
  readonly semaphore: Pick<Semaphore, 'withSlot'>;
  /**
   * Who holds the slot. A holder has one slot: where two deliveries of the same work can come at once, as on any standard
   * queue, and share a holder, the second takes the slot of the first, which works on without one, so that more than
   * `limit` work at once. Then name each delivery, such as by `randomUUID()`: a delivery that died keeps its slot until its
   * lease runs out. A holder that deliveries share is for those that come one after the other.
   */
  readonly holder: string;
  /** How long to wait for it, in ms; then the record is postponed, or reported. @default 0 */
  readonly waitMs?: number;
}

/** Told by a guard of one item. */
export interface GuardHooks {
  /** The work begins. */
  begun(): void;
  /** The work never began, and is best tried again after so long, in ms, where that is known. */
  untried(retryAfterMs: number | undefined): void;
}

/** Lets the work of an item begin once there is a slot for it and its job is free; a finished job gives its result. */
export type Guard<Input> = <R>(
  input: Input,
  watch: DeadlineWatch,
  work: (signal: AbortSignal, job: JobMark | undefined) => Promise<R>,
  hooks: GuardHooks,
) => Promise<R>;

/** Whether an error of a guard says that it is somebody else's turn. */
const isTurnOfOthers = (error: unknown): boolean =>
  isFanfoldError(error, 'SlotNotFree') ||
  isFanfoldError(error, 'JobBusy') ||
  isFanfoldError(error, 'DeadlineExceeded');

/** The slot is taken before the job, so that a job whose turn has not come is not claimed. */
export function createGuard<Input>(
  jobs: WorkerJobs<Input> | undefined,
  semaphore: ((input: Input) => WorkerSlot | undefined) | undefined,
): Guard<Input> | undefined {
  if (jobs === undefined && semaphore === undefined) return undefined;
  return async (input, watch, work, hooks) => {
    let hasBegun = false;
    const begin = (signal: AbortSignal, job?: JobMark) => {
      // A wait may have lasted until the deadline, when the record was given up already.
      if (watch.isNear()) throw deadlineNear();
      hasBegun = true;
      hooks.begun();
      return work(signal, job);
    };
    const inJob = (signal: AbortSignal) => {
      if (jobs === undefined) return begin(signal);
      if (watch.isNear()) throw deadlineNear();
      return jobs.jobs.run(
        jobs.id(input),
        ({ id, attempt, signal: leaseSignal }) => begin(leaseSignal, { id, attempt }),
        // A delivery after a failure that trying again can help asks for just that.
        { signal, retryFailed: true },
      );
    };
    try {
      const slot = semaphore?.(input);
      if (slot === undefined) return await inJob(watch.signal);
      const { waitMs = 0 } = slot;
      return await slot.semaphore.withSlot(slot.holder, ({ signal }) => inJob(signal), {
        waitMs,
        signal: watch.signal,
      });
    } catch (error) {
      if (!hasBegun && isTurnOfOthers(error)) {
        const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
        hooks.untried(typeof retryAfterMs === 'number' ? retryAfterMs : undefined);
      }
      throw error;
    }
  };
}
