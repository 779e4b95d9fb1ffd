import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { completeTaskWith, heartbeatWith } from '../../src/aggregation/index.js';
import {
  type ScriptedCall,
  type ScriptedReply,
  type ScriptedStepFunctions,
  startScriptedStepFunctions,
} from '../scriptedStepFunctions.js';
import { entries, entry, failed, watched } from './fanInOutcomes.js';

let server: ScriptedStepFunctions | undefined;
async function scripted(script: (call: ScriptedCall, count: number) => ScriptedReply = () => ({ body: {} })) {
  server = await startScriptedStepFunctions(script);
  return server;
}
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
const offline = new SFNClient({ region: 'us-east-1' });

describe('completeTaskWith', () => {
  it('refuses a client of another service, and an output that is no function, at once', () => {
    expect(() => completeTaskWith({ client: new SQSClient({ region: 'us-east-1' }) })).toThrow(
      /^client: expected a client of SFN/,
    );
    expect(() => completeTaskWith({ client: offline, output: 1 as never })).toThrow(/^output: expected/);
  });

  it('throws where the fan-in has no token, and delivers once it is opened with one', async () => {
    const { client, calls } = await scripted();
    const { fanIn } = watched({ onComplete: completeTaskWith({ client }) });
    await fanIn.open('a', { total: 1 });
    await expect(fanIn.settle('a', [entry(0)])).rejects.toMatchObject({
      code: 'DeliveryFailed',
      cause: { code: 'MissingTaskToken' },
    });
    expect(await fanIn.open('a', { total: 1, taskToken: 't' })).toMatchObject({ state: 'delivered' });
    expect(calls).toMatchObject([{ operation: 'SendTaskSuccess', input: { taskToken: 't' } }]);
  });

  it('throws where Step Functions is not reached or refuses, so that the fan-in tries again', async () => {
    const { client } = await scripted((_call, count) =>
      count === 1 ? { error: 'InvalidToken' } : { body: {} },
    );
    const { fanIn } = watched({ onComplete: completeTaskWith({ client }) });
    await fanIn.open('a', { total: 1, taskToken: 't' });
    await expect(fanIn.settle('a', [entry(0)])).rejects.toMatchObject({
      code: 'DeliveryFailed',
      cause: { name: 'InvalidToken' },
    });
    expect(await fanIn.status('a')).not.toHaveProperty('delivery');
    await fanIn.settle('a', [entry(0)]);
    expect(await fanIn.status('a')).toMatchObject({ state: 'delivered', delivery: 'confirmed' });
  });

  it('completes the task with the summary, also where items failed', async () => {
    const { client, calls } = await scripted();
    const { fanIn } = watched({ onComplete: completeTaskWith({ client }) });
    await fanIn.open('a', { total: 3, taskToken: 't', metadata: { tenant: 'x' } });
    await fanIn.settle('a', [...entries(0, 2), entry(2, failed())]);
    await fanIn.open('b', { total: 3, taskToken: 't', minSuccessful: 1 });
    await fanIn.settle('b', [entry(0)]);
    expect(calls.map(({ operation }) => operation)).toEqual(['SendTaskSuccess', 'SendTaskSuccess']);
    expect(JSON.parse(calls[0]?.input.output ?? '')).toEqual({
      id: 'a',
      counts: { expected: 3, succeeded: 2, failed: 1, timedOut: 0, cancelled: 0, notStarted: 0 },
      completionReason: 'ALL_COMPLETED',
      deliveryId: expect.any(String),
      decidedAt: expect.any(Number),
      metadata: { tenant: 'x' },
    });
    expect(JSON.parse(calls[1]?.input.output ?? '')).toMatchObject({
      completionReason: 'MIN_SUCCESSFUL_REACHED',
    });
  });

  it('completes the task with the output that it is asked for', async () => {
    const { client, calls } = await scripted();
    const output = async ({ counts }: { counts: { succeeded: number } }) => ({ good: counts.succeeded });
    const { fanIn } = watched({ onComplete: completeTaskWith({ client, output }) });
    await fanIn.open('a', { total: 1, taskToken: 't' });
    await fanIn.settle('a', [entry(0)]);
    expect(calls[0]?.input.output).toBe('{"good":1}');
  });

  it('fails the task under the reason where the job did not end well', async () => {
    const { client, calls } = await scripted();
    let now = 1_000_000;
    const { fanIn } = watched({ onComplete: completeTaskWith({ client }), now: () => now });
    await fanIn.open('tolerance', { total: 3, taskToken: 't', toleratedFailureCount: 0 });
    await fanIn.settle('tolerance', [entry(0, failed('secret'))]);
    await fanIn.open('deadline', { total: 3, taskToken: 't', deadlineAt: now + 1_000 });
    now += 1_000;
    await fanIn.expire('deadline');
    await fanIn.open('cancelled', { total: 3, taskToken: 't' });
    await fanIn.cancel('cancelled', 'stop');
    expect(calls.map(({ operation, input: { taskToken, error } }) => [operation, taskToken, error])).toEqual([
      ['SendTaskFailure', 't', 'FAILURE_TOLERANCE_EXCEEDED'],
      ['SendTaskFailure', 't', 'DEADLINE_EXCEEDED'],
      ['SendTaskFailure', 't', 'CANCELLED'],
    ]);
    expect(JSON.parse(calls[0]?.input.cause ?? '')).toEqual({
      id: 'tolerance',
      counts: { expected: 3, succeeded: 0, failed: 1, timedOut: 0, cancelled: 0, notStarted: 2 },
      completionReason: 'FAILURE_TOLERANCE_EXCEEDED',
      deliveryId: expect.any(String),
      decidedAt: now - 1_000,
    });
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist'])(
    'calls it delivered, without being sure, where the task is over (%s), and does not try again',
    async (error) => {
      const { client, calls } = await scripted(() => ({ error }));
      const { fanIn } = watched({ onComplete: completeTaskWith({ client }) });
      await fanIn.open('a', { total: 1, taskToken: 't' });
      expect(await fanIn.settle('a', [entry(0)])).toMatchObject({ state: 'delivered' });
      await fanIn.settle('a', [entry(0)]);
      await fanIn.open('a', { total: 1, taskToken: 't' });
      expect(await fanIn.status('a')).toMatchObject({ state: 'delivered', delivery: 'unknown' });
      expect(calls).toHaveLength(1);
    },
  );

  it('leaves out metadata that Step Functions cannot take', async () => {
    const { client, calls } = await scripted();
    const { fanIn } = watched({ onComplete: completeTaskWith({ client }) });
    await fanIn.open('a', { total: 1, taskToken: 't', metadata: { big: 'x'.repeat(262_000) } });
    await fanIn.settle('a', [entry(0)]);
    const output: unknown = JSON.parse(calls[0]?.input.output ?? '');
    expect(output).toMatchObject({ id: 'a', counts: { succeeded: 1 } });
    expect(output).not.toHaveProperty('metadata');
  });
});

describe('heartbeatWith', () => {
  it('keeps the state alive while items settle, and leaves a fan-in without a token alone', async () => {
    const { client, calls } = await scripted((_call, count) =>
      count === 1 ? { body: {} } : { error: 'TaskTimedOut' },
    );
    let now = 1_000_000;
    const { fanIn } = watched({ onProgress: heartbeatWith({ client }), now: () => now });
    await fanIn.open('a', { total: 9, taskToken: 't' });
    await fanIn.open('b', { total: 9 });
    await fanIn.settle('a', [entry(0)]);
    await fanIn.settle('b', [entry(0)]);
    now += 30_000;
    expect(await fanIn.settle('a', [entry(1)])).toMatchObject({ entries: ['recorded'] });
    expect(calls).toEqual([
      { operation: 'SendTaskHeartbeat', input: { taskToken: 't' } },
      { operation: 'SendTaskHeartbeat', input: { taskToken: 't' } },
    ]);
  });
});
