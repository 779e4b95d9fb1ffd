import type { SFNClient } from '@aws-sdk/client-sfn';
import { type StartExecutionResult, startExecution } from 'fanfold';
import { type ExecutionInput, executionInput } from './manifest.js';
import type { Records } from './records.js';

/** Says what somebody has to look at, in one line. */
export type Warn = (line: string) => void;

/** A manifest that waits for its execution, and how often it had one. */
export interface WaitingManifest {
  readonly manifestId: string;
  readonly attempt: number;
}

export type Start = (
  waiting: WaitingManifest,
  manifest: ExecutionInput,
) => Promise<StartExecutionResult['status']>;

export interface StarterParts {
  readonly sfn: SFNClient;
  /** Without it nothing is started: the switch that rolls the state machine back. */
  readonly stateMachineArn: string | undefined;
  readonly records: Pick<Records, 'manifestsOf'>;
  readonly warn: Warn;
}

/**
 * Starts the execution of a manifest. Its name says which attempt it is, and its input is frozen: whoever starts the same
 * attempt again starts nothing. IAM: `states:StartExecution`, `states:DescribeExecution`.
 */
export function createStart({ sfn, stateMachineArn, records, warn }: StarterParts): Start {
  /** An execution that ended without a word would leave its manifest waiting for ever: its name is taken. */
  async function fail(
    { manifestId, attempt }: WaitingManifest,
    executionArn: string,
    ended: string,
  ): Promise<void> {
    const manifests = records.manifestsOf(executionArn);
    const found = await manifests.get(manifestId);
    if (found?.state !== 'pending' || found.attempt !== attempt) return;
    const claim = await manifests.claim(manifestId);
    if (claim.status !== 'claimed') return;
    if (claim.attempt !== attempt + 1) return claim.release();
    warn(`${manifestId}: its execution ended as ${ended} and recorded nothing`);
    await claim.fail(new Error(`the execution ended as ${ended} and recorded nothing`));
  }

  return async (waiting, manifest) => {
    const { manifestId, attempt } = waiting;
    const name = `${manifestId}-${attempt + 1}`;
    const input = executionInput(manifest);
    const started = await startExecution({ client: sfn, stateMachineArn }, { name, input });
    if (started.status === 'skipped') warn(`${manifestId} is built and not started: ${started.reason}`);
    if (started.status === 'alreadyFinished') {
      await fail(waiting, started.executionArn, started.executionStatus);
    }
    return started.status;
  };
}
