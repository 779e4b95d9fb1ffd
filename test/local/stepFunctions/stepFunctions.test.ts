import {
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../../src/local/index.js';
import { createHarness, failure, invoke, single } from './harness.js';

let local: Local;
let sfn: SFNClient;
let harness: ReturnType<typeof createHarness>;

beforeAll(async () => {
  local = await startLocal();
  harness = createHarness(local);
  sfn = harness.sfn;
});
afterAll(() => local.stop());

const succeed = (taskToken: string, output: unknown) => harness.succeed(taskToken, output);

describe('StartExecution', () => {
  it('gives the same execution for the same name and input while it runs, and refuses the name otherwise', async () => {
    const { state, receive } = await harness.tokenState();
    const arn = await harness.register(single(state));
    const first = await harness.start(arn, { a: 1 }, 'nightly');
    expect(await harness.start(arn, { a: 1 }, 'nightly')).toBe(first);
    expect(await failure(harness.start(arn, { a: 2 }, 'nightly'))).toBe('ExecutionAlreadyExists');
    await succeed((await receive()).taskToken, 'done');
    expect(await harness.ended(first)).toMatchObject({
      status: 'SUCCEEDED',
      name: 'nightly',
      output: '"done"',
    });
    expect(await failure(harness.start(arn, { a: 1 }, 'nightly'))).toBe('ExecutionAlreadyExists');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['a name with a colon', { name: 'a:b' }, 'InvalidName'],
    ['a name of 81 characters', { name: 'x'.repeat(81) }, 'ValidationException'],
    ['an empty name', { name: '' }, 'ValidationException'],
    ['input that is no JSON', { input: '{' }, 'InvalidExecutionInput'],
    ['input over 256 KiB', { input: `"${'x'.repeat(262_143)}"` }, 'ValidationException'],
    ['input over 256 KiB in bytes only', { input: `"${'é'.repeat(200_000)}"` }, 'InvalidExecutionInput'],
    ['no ARN', { stateMachineArn: 'books' }, 'InvalidArn'],
    [
      'the ARN of nothing',
      { stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none' },
      'StateMachineDoesNotExist',
    ],
  ])('refuses %s', async (_what, fields, code) => {
    const stateMachineArn = await harness.register(single({ Type: 'Pass' }));
    expect(await failure(sfn.send(new StartExecutionCommand({ stateMachineArn, ...fields })))).toBe(code);
  });

  it('takes a name of 80 characters, input of exactly 256 KiB, and none at all', async () => {
    const stateMachineArn = await harness.register(single({ Type: 'Pass' }));
    const input = `"${'x'.repeat(262_142)}"`;
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name: 'n'.repeat(80), input }),
    );
    expect(await harness.ended(executionArn)).toMatchObject({ output: input });
    const unnamed = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
    expect(await harness.ended(unnamed.executionArn ?? '')).toMatchObject({ input: '{}', output: '{}' });
    const listed = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
    expect(listed.executions?.map((one) => one.executionArn)).toEqual([unnamed.executionArn, executionArn]);
  });
});

describe('a task token', () => {
  it('reaches the worker, the same wherever it stands, and ends the task with its output', async () => {
    const { state, receive } = await harness.tokenState();
    const executionArn = await harness.start(await harness.register(single(state)), { ticker: 'A' });
    const { taskToken, again, item } = await receive();
    expect([again, item]).toEqual([taskToken, { ticker: 'A' }]);
    await succeed(taskToken, { ok: true });
    expect(await harness.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"ok":true}' });
    expect(await harness.types(executionArn)).toEqual([
      ...['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted'],
      ...['TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded'],
    ]);
  });

  it('fails the task by the error and cause that were sent, and is closed afterwards', async () => {
    const { state, receive } = await harness.tokenState();
    const executionArn = await harness.start(await harness.register(single(state)));
    const { taskToken } = await receive();
    await sfn.send(new SendTaskFailureCommand({ taskToken, error: 'TooManyFailures', cause: '3 of 46' }));
    expect(await harness.ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'TooManyFailures',
      cause: '3 of 46',
    });
    for (const late of [
      succeed(taskToken, 1),
      sfn.send(new SendTaskFailureCommand({ taskToken })),
      sfn.send(new SendTaskHeartbeatCommand({ taskToken })),
    ]) {
      expect(await failure(late)).toBe('TaskTimedOut');
    }
  });

  it('is refused where it is no token, one that was never issued, or has an output that is no JSON', async () => {
    const { state, receive } = await harness.tokenState();
    await harness.start(await harness.register(single(state)));
    const { taskToken } = await receive();
    const unknown = `AQ${'a'.repeat(64)}`;
    expect(await failure(succeed('nonsense', 1))).toBe('InvalidToken');
    expect(await failure(succeed(unknown, 1))).toBe('TaskDoesNotExist');
    const output = '{';
    expect(await failure(sfn.send(new SendTaskSuccessCommand({ taskToken, output })))).toBe('InvalidOutput');
    const long = `"${'x'.repeat(262_143)}"`;
    expect(await failure(sfn.send(new SendTaskSuccessCommand({ taskToken, output: long })))).toBe(
      'ValidationException',
    );
    await succeed(taskToken, 1);
  });

  it('expires with TimeoutSeconds, heartbeats or not, and the late worker hears of it', async () => {
    const { state, receive } = await harness.tokenState({ TimeoutSeconds: 20, HeartbeatSeconds: 15 });
    const executionArn = await harness.start(await harness.register(single(state), { secondMs: 20 }));
    const { taskToken } = await receive();
    const beats = setInterval(
      () => sfn.send(new SendTaskHeartbeatCommand({ taskToken })).catch(() => {}),
      50,
    );
    const result = await harness.ended(executionArn).finally(() => clearInterval(beats));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(result.cause).toBeUndefined();
    expect(await failure(succeed(taskToken, 1))).toBe('TaskTimedOut');
    expect(await harness.types(executionArn)).toContain('TaskTimedOut');
  });

  it('expires without heartbeats, which States.TaskFailed and States.Timeout both catch', async () => {
    for (const caught of ['States.HeartbeatTimeout', 'States.Timeout', 'States.TaskFailed']) {
      const { state, receive } = await harness.tokenState({
        HeartbeatSeconds: 5,
        TimeoutSeconds: 1_000,
        Catch: [{ ErrorEquals: [caught], ResultPath: '$.failure', Next: 'Late' }],
      });
      const definition = {
        ...single(state),
        States: { Only: { ...state, End: true }, Late: { Type: 'Succeed' } },
      };
      const executionArn = await harness.start(await harness.register(definition, { secondMs: 20 }));
      expect(JSON.parse((await harness.ended(executionArn)).output ?? '')).toEqual({
        failure: { Error: 'States.HeartbeatTimeout', Cause: '' },
      });
      expect(await failure(succeed((await receive()).taskToken, 1))).toBe('TaskTimedOut');
    }
  });

  it('is another one after a retry', async () => {
    const Retry = [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const { state, receive } = await harness.tokenState({ Retry });
    const executionArn = await harness.start(await harness.register(single(state), { secondMs: 10 }));
    const first = await receive();
    await sfn.send(new SendTaskFailureCommand({ taskToken: first.taskToken, error: 'Flaky' }));
    const second = await receive();
    expect(second.taskToken).not.toBe(first.taskToken);
    expect(await failure(succeed(first.taskToken, 1))).toBe('TaskTimedOut');
    await succeed(second.taskToken, 2);
    expect(await harness.ended(executionArn)).toMatchObject({ output: '2' });
  });

  it('is closed by StopExecution, which is final', async () => {
    const { state, receive } = await harness.tokenState({ Retry: [{ ErrorEquals: ['States.ALL'] }] });
    const executionArn = await harness.start(await harness.register(single(state)));
    const { taskToken } = await receive();
    await sfn.send(new StopExecutionCommand({ executionArn, error: 'Changed', cause: 'my mind' }));
    expect(await harness.describeExecution(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Changed',
      cause: 'my mind',
    });
    expect(await failure(succeed(taskToken, 1))).toBe('TaskTimedOut');
    expect((await harness.types(executionArn)).at(-1)).toBe('ExecutionAborted');
    await sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await harness.describeExecution(executionArn)).toMatchObject({ error: 'Changed' });
  });

  it('can be answered while its message is still being sent', async () => {
    local.lambda.register('eager', async ({ taskToken }: { taskToken: string }) => {
      await succeed(taskToken, 'early');
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    const Parameters = { FunctionName: 'eager', Payload: { 'taskToken.$': '$$.Task.Token' } };
    const Resource = `${invoke}.waitForTaskToken`;
    expect(await harness.outputOf(single({ Type: 'Task', Resource, Parameters }))).toBe('early');
  });

  it('is answered once, though the reply is lost and the client tries again', async () => {
    const { state, receive } = await harness.tokenState();
    const executionArn = await harness.start(await harness.register(single(state)));
    const { taskToken } = await receive();
    local.faults.next('sfn', 'SendTaskSuccess', 'resetAfter');
    expect(await failure(succeed(taskToken, 'once'))).toBe('TaskTimedOut');
    expect(await harness.ended(executionArn)).toMatchObject({ output: '"once"' });
    local.faults.next('sfn', 'DescribeExecution', 'throttle');
    expect(await harness.describeExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(local.faults.counts).toMatchObject({ resetAfter: 1, throttle: 1 });
    expect(local.meter.sfn.calls).toMatchObject({ SendTaskSuccess: expect.any(Number) });
  });

  it('does not exist in a state that waits for none', async () => {
    const Parameters = { FunctionName: 'eager', Payload: { 'taskToken.$': '$$.Task.Token' } };
    const result = await harness.run(single({ Type: 'Task', Resource: invoke, Parameters }));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('a Lambda function', () => {
  it('answers under Payload by lambda:invoke, and as it is by its own ARN', async () => {
    local.lambda.register('double', ({ n }: { n: number }) => ({ twice: n * 2 }));
    const Parameters = { FunctionName: 'double', Payload: { 'n.$': '$.n' } };
    expect(
      await harness.outputOf(single({ Type: 'Task', Resource: invoke, Parameters }), { n: 2 }),
    ).toMatchObject({
      Payload: { twice: 4 },
      StatusCode: 200,
    });
    const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:double';
    expect(await harness.outputOf(single({ Type: 'Task', Resource }), { n: 3 })).toEqual({ twice: 6 });
  });

  it('fails by its error type, after Retry has given up, and Catch sees what Lambda says', async () => {
    let calls = 0;
    local.lambda.register('broken', () => {
      calls += 1;
      throw new RangeError(`call ${calls}`);
    });
    const executionArn = await harness.start(
      await harness.register(
        {
          StartAt: 'Try',
          States: {
            Try: {
              Type: 'Task',
              Resource: invoke,
              Parameters: { FunctionName: 'broken' },
              Retry: [{ ErrorEquals: ['RangeError'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 2 }],
              Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Caught' }],
              End: true,
            },
            Caught: { Type: 'Pass', End: true },
          },
        },
        { secondMs: 5 },
      ),
      { kept: 1 },
    );
    const output = JSON.parse((await harness.ended(executionArn)).output ?? '');
    expect(output).toMatchObject({ kept: 1, failure: { Error: 'RangeError' } });
    expect(JSON.parse(output.failure.Cause)).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'call 3',
    });
    const attempt = ['TaskScheduled', 'TaskStarted', 'TaskFailed'];
    expect(await harness.types(executionArn)).toEqual([
      ...['ExecutionStarted', 'TaskStateEntered', ...attempt, ...attempt, ...attempt, 'TaskStateExited'],
      ...['PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'],
    ]);
  });

  it.each([
    ['is unknown', 'nobody', 'Lambda.ResourceNotFoundException'],
    ['is throttled', 'none-at-once', 'Lambda.TooManyRequestsException'],
    ['runs out of time', 'sleeps', 'Sandbox.Timedout'],
  ])('that %s fails the task under its name', async (_what, FunctionName, error) => {
    local.lambda.register('none-at-once', () => 1, { concurrency: 0 });
    local.lambda.register('sleeps', () => new Promise(() => {}), { timeoutMs: 20 });
    const result = await harness.run(
      single({ Type: 'Task', Resource: invoke, Parameters: { FunctionName } }),
    );
    expect(result).toMatchObject({ status: 'FAILED', error });
  });

  it('that takes longer than TimeoutSeconds fails by States.Timeout, which States.TaskFailed does not catch', async () => {
    local.lambda.register('slow', () => new Promise(() => {}), { timeoutMs: 900_000 });
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Only' }];
    const state = { Type: 'Task', Resource: invoke, Parameters: { FunctionName: 'slow' }, Catch };
    for (const times of [{ TimeoutSeconds: 2 }, { TimeoutSecondsPath: '$.seconds' }]) {
      const result = await harness.run(single({ ...state, ...times }), { seconds: 1 }, { secondMs: 20 });
      expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    }
  });

  it('may answer at most 256 KiB, and no States.ALL catches more', async () => {
    local.lambda.register('large', () => 'x'.repeat(262_144));
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Only' }];
    const state = { Type: 'Task', Resource: invoke, Parameters: { FunctionName: 'large' }, Catch };
    expect(await harness.run(single(state))).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  });
});
