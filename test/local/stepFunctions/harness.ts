import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { AslObject, Local, StateMachineOptions } from '../../../src/local/index.js';

export const invoke = 'arn:aws:states:::lambda:invoke';

/** A state machine of one state. */
export const single = (state: AslObject): AslObject => ({
  StartAt: 'Only',
  States: { Only: { ...state, End: true } },
});

/** The error's name, which is all that code may rely on. */
export const failure = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    ({ name }: Error) => name,
  );

/** Starts and watches executions through the real client. */
export function createHarness(local: Local) {
  const sfn = new SFNClient(local.clientConfig('sfn'));
  let names = 0;

  const register = (definition: AslObject, options?: StateMachineOptions) =>
    local.stepFunctions.register(`machine-${names++}`, definition, options);

  async function start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name });
    const { executionArn = '' } = await sfn.send(command);
    return executionArn;
  }

  const describeExecution = (executionArn: string) =>
    sfn.send(new DescribeExecutionCommand({ executionArn }));

  async function ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    await expect
      .poll(() => describeExecution(executionArn), { timeout: 15_000, interval: 5 })
      .toMatchObject({ stopDate: expect.any(Date) });
    return describeExecution(executionArn);
  }

  /** Registering validates, which takes longer than most executions. */
  const registered = new Map<string, Promise<string>>();
  function registerOnce(definition: AslObject, options?: StateMachineOptions): Promise<string> {
    const key = JSON.stringify([definition, options]);
    const arn = registered.get(key) ?? register(definition, options);
    registered.set(key, arn);
    return arn;
  }

  async function run(definition: AslObject, input: unknown = {}, options?: StateMachineOptions) {
    return ended(await start(await registerOnce(definition, options), input));
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000, nextToken });
      const reply = await sfn.send(command);
      events.push(...(reply.events ?? []));
      nextToken = reply.nextToken;
    } while (nextToken !== undefined);
    return events;
  }

  return {
    sfn,
    register,
    start,
    describeExecution,
    ended,
    run,
    history,
    succeed: (taskToken: string, output: unknown) =>
      sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    stop: (executionArn: string) => sfn.send(new StopExecutionCommand({ executionArn })),
    types: async (executionArn: string) => (await history(executionArn)).map(({ type }) => type),
    async outputOf(definition: AslObject, input: unknown = {}, options?: StateMachineOptions) {
      const { status, output, error, cause } = await run(definition, input, options);
      expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED', error: undefined, cause: undefined });
      return JSON.parse(output ?? 'null');
    },
    /** A queue, and a state that sends a token to it and waits. */
    async tokenState(fields: AslObject = {}) {
      const { queueUrl } = await local.createQueue(`tokens-${names++}`);
      const sqs = new SQSClient(local.clientConfig('sqs'));
      const state = {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: {
          QueueUrl: queueUrl,
          MessageBody: { 'taskToken.$': '$$.Task.Token', 'again.$': '$$.Task.Token', 'item.$': '$' },
        },
        ...fields,
      };
      const receive = async (): Promise<{ taskToken: string; again: string; item: unknown }> => {
        const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 10 });
        const { Messages } = await sqs.send(command);
        return JSON.parse(Messages?.[0]?.Body ?? 'null');
      };
      return { state, receive };
    },
  };
}
