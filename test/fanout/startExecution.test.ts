import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { executionName, startExecution } from '../../src/fanout/index.js';
import {
  type ScriptedCall,
  type ScriptedReply,
  type ScriptedStepFunctions,
  startScriptedStepFunctions,
} from '../scriptedStepFunctions.js';

const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:convert';
const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:convert:m-1';
const refused: ScriptedReply = { error: 'ExecutionAlreadyExists', message: 'something in words' };

let server: ScriptedStepFunctions | undefined;
async function scripted(script: (call: ScriptedCall, count: number) => ScriptedReply) {
  server = await startScriptedStepFunctions(script);
  return server;
}
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const untouchable = new SFNClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9' });

describe('startExecution', () => {
  it.each([
    ['name', { name: '', input: {} }],
    ['name', { name: undefined as unknown as string }],
    ['input', { name: 'a', input: 1n }],
    ['input', { name: 'a', input: () => 1 }],
    ['input', { name: 'a', input: 'x'.repeat(300 * 1_024) }],
    ['input', { name: 'a', input: 'é'.repeat(131_072) }],
  ])('refuses a bad %s before any call', async (field, request) => {
    const call = startExecution({ client: untouchable, stateMachineArn }, request);
    await expect(call).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(new RegExp(`^${field}: expected`)),
    });
  });

  it('refuses another ARN and a client of another service before any call', async () => {
    const request = { name: 'a', input: {} };
    for (const arn of ['convert', executionArn, 7 as unknown as string])
      await expect(startExecution({ client: untouchable, stateMachineArn: arn }, request)).rejects.toThrow(
        /^stateMachineArn: expected/,
      );
    const sqs = new SQSClient({ region: 'us-east-1' });
    await expect(startExecution({ client: sqs, stateMachineArn }, request)).rejects.toThrow(
      'client: expected a client of SFN, got "a client of SQS"',
    );
  });

  it('does not show the input in its errors', async () => {
    const error: unknown = await startExecution(
      { client: untouchable, stateMachineArn },
      { name: 'a', input: 'secret'.repeat(100_000) },
    ).catch((thrown) => thrown);
    expect(String(error)).toContain('262144 bytes');
    expect(String(error)).not.toContain('secret');
  });

  it('says what running execution stands in the way of another input', async () => {
    const { client } = await scripted(({ operation }) =>
      operation === 'StartExecution'
        ? refused
        : { body: { executionArn, status: 'RUNNING', input: '{"file":"secret"}' } },
    );
    const error: unknown = await startExecution(
      { client, stateMachineArn },
      { name: 'm-1', input: { file: 'hidden' } },
    ).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'ExecutionAlreadyExists', retryable: false });
    expect(String(error)).toContain('execution "m-1" is running with another input');
    expect(String(error)).not.toMatch(/secret|hidden/);
  });

  it('asks for another try where the name is taken and the execution cannot be found', async () => {
    const { client } = await scripted(({ operation }) =>
      operation === 'StartExecution' ? refused : { error: 'ExecutionDoesNotExist' },
    );
    await expect(startExecution({ client, stateMachineArn }, { name: 'm-1' })).rejects.toMatchObject({
      code: 'ExecutionNotVisible',
      retryable: true,
      cause: { name: 'ExecutionDoesNotExist' },
    });
  });

  it('lets what Step Functions throws pass as it is', async () => {
    const { client, calls } = await scripted(() => ({ error: 'StateMachineDoesNotExist' }));
    await expect(startExecution({ client, stateMachineArn }, { name: 'm-1' })).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
    expect(calls).toHaveLength(1);
  });

  it('starts an execution by its legal name', async () => {
    const { client, calls } = await scripted(({ input }) => ({
      body: { executionArn: `arn:of:${input.name}`, startDate: 1 },
    }));
    const id = 's3://bucket/manifest 1.json';
    const result = await startExecution({ client, stateMachineArn }, { name: id, input: { file: 1 } });
    const name = executionName(id);
    expect(result).toEqual({ status: 'started', name, executionArn: `arn:of:${name}` });
    expect(calls).toEqual([
      { operation: 'StartExecution', input: { stateMachineArn, name, input: '{"file":1}' } },
    ]);
    await startExecution({ client, stateMachineArn }, { name: 'no-input' });
    expect(calls[1]?.input.input).toBe('{}');
  });

  it('survives a reply that is lost after the execution was started', async () => {
    const { client, calls } = await scripted((_call, count) =>
      count === 1 ? 'drop' : { body: { executionArn, startDate: 1 } },
    );
    expect(await startExecution({ client, stateMachineArn }, { name: 'm-1' })).toMatchObject({
      status: 'started',
      executionArn,
    });
    expect(calls.map(({ input }) => input.name)).toEqual(['m-1', 'm-1']);
  });

  it.each(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
    'looks up one that has ended, and reports that it is %s',
    async (status) => {
      const { client, calls } = await scripted(({ operation }) =>
        operation === 'StartExecution'
          ? refused
          : { body: { executionArn, status, stopDate: 1_700_000_000, input: '{ "file": 1 }' } },
      );
      const run = (input: unknown) => startExecution({ client, stateMachineArn }, { name: 'm-1', input });
      expect(await run({ file: 1 })).toEqual({
        status: 'alreadyFinished',
        name: 'm-1',
        executionArn,
        executionStatus: status,
        stopDate: new Date(1_700_000_000_000),
        sameInput: true,
      });
      expect(await run({ file: 2 })).toMatchObject({ status: 'alreadyFinished', sameInput: false });
      expect(calls[1]).toEqual({ operation: 'DescribeExecution', input: { executionArn } });
    },
  );

  it('finds the execution of a version or an alias, whose ARN does not name it', async () => {
    const { client, calls } = await scripted(({ operation }) =>
      operation === 'StartExecution' ? refused : { body: { executionArn, status: 'FAILED' } },
    );
    const target = { client, stateMachineArn: `${stateMachineArn}:PROD` };
    expect(await startExecution(target, { name: 'm-1' })).toMatchObject({ status: 'alreadyFinished' });
    expect(calls[1]?.input).toEqual({ executionArn });
  });

  it('calls a redriven execution with this input started', async () => {
    const { client } = await scripted(({ operation }) =>
      operation === 'StartExecution' ? refused : { body: { executionArn, status: 'RUNNING', input: '{}' } },
    );
    expect(await startExecution({ client, stateMachineArn }, { name: 'm-1' })).toMatchObject({
      status: 'started',
    });
  });

  it.each([undefined, '', ' ', null as unknown as undefined])(
    'skips, and says why, where the ARN is %j',
    async (arn) => {
      const result = await startExecution(
        { client: untouchable, stateMachineArn: arn },
        { name: 'a b', input: { file: 1 } },
      );
      expect(result).toEqual({
        status: 'skipped',
        name: executionName('a b'),
        reason: 'no stateMachineArn is given',
      });
    },
  );

  it('stops when its signal aborts', async () => {
    const { client } = await scripted(() => ({ body: { executionArn } }));
    const signal = AbortSignal.abort();
    await expect(
      startExecution({ client, stateMachineArn }, { name: 'm-1' }, { signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
