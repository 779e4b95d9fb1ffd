import { invalidArgument } from '../arguments.js';
import { isFanfoldError } from '../errors.js';
import { startExecution } from '../fanout/index.js';
import { type AwsClient, expectClient } from '../peers.js';
import type { OnComplete } from './fanIn.js';
import { fitSummary } from './fitSummary.js';

export interface ExecutionSinkOptions {
  /** An `SFNClient`. */
  readonly client: AwsClient;
  /** A Standard state machine: an Express one would start again with every try. */
  readonly stateMachineArn: string;
}

/**
 * An `onComplete` that starts a Step Functions execution with the summary as its input, whatever the completion
 * reason: a Choice on `$.completionReason` tells them apart.
 *
 * It takes effect once: the execution is named after the id and the `deliveryId` (`executionName`), and one of that
 * name, running or ended, is our own earlier try. Metadata that does not fit into Step Functions' 256 KiB is left out.
 *
 * AWS calls and IAM: those of `startExecution`.
 *
 * @throws FanfoldError `InvalidArgument` at once, also without an ARN. Where it cannot deliver it throws what
 * `startExecution` threw, and the fan-in tries again.
 * @example
 * ```ts
 * createFanIn({ store, onComplete: startExecutionWith({ client: sfn, stateMachineArn }) });
 * ```
 */
export function startExecutionWith({ client, stateMachineArn }: ExecutionSinkOptions): OnComplete {
  expectClient('client', client, 'SFN');
  if (typeof stateMachineArn !== 'string' || stateMachineArn.trim() === '') {
    throw invalidArgument('stateMachineArn', 'the ARN of a state machine', stateMachineArn);
  }
  return async (summary, { signal }) => {
    const name = `${summary.id}-${summary.deliveryId}`;
    try {
      await startExecution({ client, stateMachineArn }, { name, input: fitSummary(summary) }, { signal });
    } catch (error) {
      // Only this decision's deliveries have this name: another input is an older version's of the same summary.
      if (!isFanfoldError(error, 'ExecutionAlreadyExists')) throw error;
    }
  };
}
