import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { completeTask, failTask, heartbeatTask } from '../../src/aggregation/index.js';
import {
  type ScriptedReply,
  type ScriptedStepFunctions,
  startScriptedStepFunctions,
} from '../scriptedStepFunctions.js';

let server: ScriptedStepFunctions | undefined;
async function scripted(script: (count: number) => ScriptedReply) {
  server = await startScriptedStepFunctions((_call, count) => script(count));
  return server;
}
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const untouchable = { client: new SFNClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9' }) };
const taskToken = `AQC${'x'.repeat(600)}`;
const actions: [string, (target: { client: SFNClient }, token: string) => Promise<unknown>][] = [
  ['SendTaskSuccess', (target, token) => completeTask(target, token, { a: 1 })],
  ['SendTaskFailure', (target, token) => failTask(target, token, { error: 'E', cause: 'c' })],
  ['SendTaskHeartbeat', (target, token) => heartbeatTask(target, token)],
];

describe('completeTask, failTask and heartbeatTask', () => {
  it.each([
    ['taskToken', () => completeTask(untouchable, '', 1)],
    ['taskToken', () => heartbeatTask(untouchable, 'secret'.repeat(400))],
    ['taskToken', () => failTask(untouchable, undefined as unknown as string, {})],
    ['output', () => completeTask(untouchable, taskToken, undefined)],
    ['output', () => completeTask(untouchable, taskToken, 'secret'.repeat(50_000))],
    ['output', () => completeTask(untouchable, taskToken, 'é'.repeat(131_072))],
    ['error', () => failTask(untouchable, taskToken, { error: 'x'.repeat(257) })],
    ['cause', () => failTask(untouchable, taskToken, { cause: 'x'.repeat(32_769) })],
    ['client', () => heartbeatTask({ client: new SQSClient({ region: 'us-east-1' }) }, taskToken)],
  ])('refuse a bad %s before any call, and show no secret', async (field, call) => {
    const error: unknown = await call().catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(new RegExp(`^${field}: expected`)),
    });
    expect(String(error)).not.toContain('secret');
  });

  it.each(actions)('say that the task is over where %s is too late', async (operation, call) => {
    for (const code of ['TaskTimedOut', 'TaskDoesNotExist'] as const) {
      const { client, calls, stop } = await scripted(() => ({ error: code }));
      expect(await call({ client }, taskToken)).toEqual({ status: 'expired', code });
      expect(calls.map((each) => each.operation)).toEqual([operation]);
      await stop();
    }
  });

  it.each(actions)(
    'let what Step Functions throws at %s pass, without the token',
    async (_operation, call) => {
      const { client } = await scripted((count) =>
        count === 1
          ? { error: 'InvalidToken', message: 'no words' }
          : { error: 'InvalidToken', message: `Value '${taskToken}' is no token` },
      );
      await expect(call({ client }, taskToken)).rejects.toMatchObject({ name: 'InvalidToken' });
      const quoted: unknown = await call({ client }, taskToken).catch((thrown) => thrown);
      expect(quoted).toMatchObject({ code: 'InvalidToken', message: "Value '(task token)' is no token" });
      expect((quoted as Error).stack).not.toContain(taskToken);
    },
  );

  it('send the largest that Step Functions takes', async () => {
    const { client, calls } = await scripted(() => ({ body: {} }));
    const output = 'x'.repeat(262_142);
    expect(await completeTask({ client }, taskToken, output)).toEqual({ status: 'accepted' });
    const failure = { error: 'x'.repeat(256), cause: 'y'.repeat(32_768) };
    expect(await failTask({ client }, taskToken, failure)).toEqual({ status: 'accepted' });
    expect(await heartbeatTask({ client }, taskToken)).toEqual({ status: 'accepted' });
    expect(calls).toEqual([
      { operation: 'SendTaskSuccess', input: { taskToken, output: `"${output}"` } },
      { operation: 'SendTaskFailure', input: { taskToken, ...failure } },
      { operation: 'SendTaskHeartbeat', input: { taskToken } },
    ]);
  });

  it('cannot tell a completion whose reply was lost from a task that is over', async () => {
    const { client, calls } = await scripted((count) => (count === 1 ? 'drop' : { error: 'TaskTimedOut' }));
    expect(await completeTask({ client }, taskToken, null)).toMatchObject({ status: 'expired' });
    expect(calls).toHaveLength(2);
  });

  it('stop when their signal aborts', async () => {
    const { client } = await scripted(() => ({ body: {} }));
    const call = heartbeatTask({ client }, taskToken, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});
