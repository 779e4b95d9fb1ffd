import { setTimeout as pause } from 'node:timers/promises';
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { startExecution } from '../../src/fanout/index.js';
import { ownName } from './ownName.js';
import type { Place } from './place.js';

/** The ARN of a function, as state machines name it. */
export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** Waits for a condition; the test's own timeout ends it. */
export async function until<T>(read: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    await pause(50);
  }
}

/** Waits until an execution has ended. */
export const ended = ({ sfn }: Place, executionArn: string): Promise<DescribeExecutionCommandOutput> =>
  until(async () => {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });

/** Starts an execution by a name of its own: moto does not run one without a name. */
export async function start({ sfn }: Place, stateMachineArn: string, input: unknown): Promise<string> {
  const request = { name: ownName('execution'), input };
  const { executionArn = '' } = await startExecution({ client: sfn, stateMachineArn }, request);
  return executionArn;
}

/** What an execution gives back; any other end than success is an error that says which. */
export async function outputOf(place: Place, stateMachineArn: string, input: unknown): Promise<unknown> {
  const {
    status,
    output = 'null',
    error,
    cause,
  } = await ended(place, await start(place, stateMachineArn, input));
  if (status === 'SUCCEEDED') return JSON.parse(output);
  throw new Error(`the execution ended as ${status}: ${error} ${cause}`);
}
