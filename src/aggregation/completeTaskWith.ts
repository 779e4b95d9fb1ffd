import { expectFunction } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import { type AwsClient, expectClient } from '../peers.js';
import { completeTask, failTask, heartbeatTask } from './completeTask.js';
import type { CompletionSummary, OnComplete, OnProgress } from './fanIn.js';
import { fitSummary } from './fitSummary.js';
import type { CompletionReason } from './outcome.js';

export interface TaskSinkOptions {
  /** An `SFNClient`. */
  readonly client: AwsClient;
  /**
   * Makes the output of the state, such as the summary with the reasons of what failed: a JSON value of at most 256
   * KiB. It may be called again for the same `deliveryId`. @default the summary
   */
  readonly output?: (summary: CompletionSummary) => unknown;
}

const SUCCESSES: ReadonlySet<CompletionReason> = new Set(['ALL_COMPLETED', 'MIN_SUCCESSFUL_REACHED']);

/**
 * An `onComplete` that ends the Step Functions state (`.waitForTaskToken`) which the fan-in was opened for: the
 * execution goes on the moment that the last item is settled.
 *
 * - `ALL_COMPLETED` and `MIN_SUCCESSFUL_REACHED` **complete** the task; the summary is the output of the state. Items can
 *   have failed: look at `counts.failed` in a Choice, or open the fan-in with `toleratedFailureCount`.
 * - `FAILURE_TOLERANCE_EXCEEDED`, `DEADLINE_EXCEEDED` and `CANCELLED` **fail** it: `error` is that word, for
 *   `ErrorEquals` in Retry and Catch; `cause` is the summary without its metadata, as JSON (`States.StringToJson`).
 *
 * It takes effect once: the task's first end stands. Where the task is over already, by our own earlier try whose
 * reply was lost or because its time ran out, there is nothing left to tell: the fan-in is delivered, and its
 * `status` says `delivery: 'unknown'`. Metadata that does not fit into Step Functions' 256 KiB is left out.
 *
 * A Retry of the state has a new token: open the fan-in with it, under the same id, and it is told at once of a job
 * that is over (or under another id, such as one with `$$.State.RetryCount` in it, to run it again).
 *
 * AWS calls: `SendTaskSuccess`, `SendTaskFailure`; IAM `states:SendTaskSuccess`, `states:SendTaskFailure`.
 *
 * @throws FanfoldError `InvalidArgument` at once. Where it cannot deliver it throws, and the fan-in tries again:
 * `MissingTaskToken` for a fan-in that was opened without one · `InvalidArgument` for an `output` that is no JSON or
 * over 256 KiB · what Step Functions or `output` threw.
 * @example
 * ```ts
 * const fanIn = createFanIn({ store, onComplete: completeTaskWith({ client: sfn }), onProgress: heartbeatWith({ client: sfn }) });
 * await fanIn.open(executionId, { total: tickers.length, taskToken });
 * ```
 */
export function completeTaskWith({ client, output }: TaskSinkOptions): OnComplete {
  expectClient('client', client, 'SFN');
  if (output !== undefined) expectFunction('output', output);
  return async (summary, { taskToken, signal }) => {
    if (taskToken === undefined) {
      const message = `fan-in ${JSON.stringify(summary.id)} was opened without a taskToken, which completeTaskWith needs`;
      throw new FanfoldError('MissingTaskToken', message);
    }
    const { id, counts, completionReason, deliveryId, decidedAt } = summary;
    let answer: Awaited<ReturnType<typeof completeTask>>;
    if (SUCCESSES.has(completionReason)) {
      const result = output === undefined ? fitSummary(summary) : await output(summary);
      answer = await completeTask({ client }, taskToken, result, { signal });
    } else {
      const cause = JSON.stringify({ id, counts, completionReason, deliveryId, decidedAt });
      answer = await failTask({ client }, taskToken, { error: completionReason, cause }, { signal });
    }
    return { delivery: answer.status === 'accepted' ? 'confirmed' : 'unknown' };
  };
}

/**
 * An `onProgress` that sends a heartbeat to the Step Functions state which the fan-in was opened for, while items
 * settle. Give the state `HeartbeatSeconds` well above `progressIntervalMs` and above the time of the slowest item, and
 * it fails soon where nothing is settled any more. A fan-in without a task token needs none.
 *
 * AWS calls: `SendTaskHeartbeat`; IAM `states:SendTaskHeartbeat`.
 *
 * @throws FanfoldError `InvalidArgument` at once. What it throws later, the fan-in ignores.
 * @example
 * ```ts
 * createFanIn({ store, onComplete: completeTaskWith({ client: sfn }), onProgress: heartbeatWith({ client: sfn }) });
 * ```
 */
export function heartbeatWith({ client }: Pick<TaskSinkOptions, 'client'>): OnProgress {
  expectClient('client', client, 'SFN');
  return async (_progress, { taskToken, signal }) => {
    if (taskToken !== undefined) await heartbeatTask({ client }, taskToken, { signal });
  };
}
