import { ListExecutionsCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';

/** An execution, and the manifest that its name says it is for. */
export interface SeenExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly manifestId: string;
}

/** Every execution there ever was. */
export async function listExecutions(sfn: SFNClient, stateMachineArn: string): Promise<SeenExecution[]> {
  const seen: SeenExecution[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn, nextToken }));
    for (const { executionArn = '', name = '', status = '' } of page.executions ?? []) {
      seen.push({ executionArn, name, status, manifestId: name.replace(/-\d+$/, '') });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return seen;
}

/** Stops an execution from outside: nothing of it records how it ended. */
export async function stopExecution(sfn: SFNClient, executionArn: string): Promise<void> {
  await sfn.send(
    new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'it never came to an end' }),
  );
}
