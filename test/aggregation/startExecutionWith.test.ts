import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { startExecutionWith } from '../../src/aggregation/index.js';
import {
  type ScriptedCall,
  type ScriptedReply,
  type ScriptedStepFunctions,
  startScriptedStepFunctions,
} from '../scriptedStepFunctions.js';
import { entry, watched } from './fanInOutcomes.js';

let server: ScriptedStepFunctions | undefined;
async function scripted(script: (call: ScriptedCall, count: number) => ScriptedReply) {
  server = await startScriptedStepFunctions(script);
  return server;
}
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
const offline = new SFNClient({ region: 'us-east-1' });

describe('startExecutionWith', () => {
  const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:fold';

  it('refuses a missing ARN at once: there is nothing that it could deliver to', () => {
    for (const arn of ['', undefined])
      expect(() => startExecutionWith({ client: offline, stateMachineArn: arn as string })).toThrow(
        /^stateMachineArn: expected/,
      );
  });

  it('throws where nothing could be started, and starts under the same name and input next time', async () => {
    const { client, calls } = await scripted((_call, count) =>
      count === 1 ? { error: 'StateMachineDoesNotExist' } : { body: { executionArn: 'arn', startDate: 1 } },
    );
    const { fanIn, store } = watched({ onComplete: startExecutionWith({ client, stateMachineArn }) });
    await fanIn.open('job 7', { total: 1 });
    await expect(fanIn.settle('job 7', [entry(0)])).rejects.toMatchObject({ code: 'DeliveryFailed' });
    await fanIn.settle('job 7', [entry(0)]);
    expect(await fanIn.status('job 7')).toMatchObject({ state: 'delivered', delivery: 'confirmed' });
    const decision = (await store.readMeta('job 7', Date.now()))?.decision;
    expect(calls[1]).toEqual(calls[0]);
    expect(calls[0]?.input.name).toMatch(/^job-7-[0-9a-f-]{36}--[0-9a-f]{20}$/);
    expect(JSON.parse(calls[0]?.input.input ?? '')).toEqual({ id: 'job 7', ...decision });
  });

  it.each(['SUCCEEDED', 'RUNNING'])(
    'takes a %s execution of its name for its own earlier try, whatever its input was',
    async (status) => {
      const { client } = await scripted(({ operation }) =>
        operation === 'StartExecution'
          ? { error: 'ExecutionAlreadyExists' }
          : { body: { executionArn: 'arn', status, input: '{"from":"an older version"}' } },
      );
      const { fanIn } = watched({ onComplete: startExecutionWith({ client, stateMachineArn }) });
      await fanIn.open('a', { total: 1 });
      expect(await fanIn.settle('a', [entry(0)])).toMatchObject({ state: 'delivered' });
    },
  );
});
