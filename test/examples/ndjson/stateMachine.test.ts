import { setTimeout as pause } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Local, startLocal } from 'fanfold/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatusRecorder } from '../../../examples/ndjson/handlers/createStatusRecorder.js';
import { createPipeline, PROCESSING_MS } from './pipeline.js';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:status';
const { records, clock } = createPipeline();
let local: Local;
let sfn: SFNClient;
let stateMachineArn: string;
let runs = 0;
let outcome: () => unknown = () => undefined;

beforeAll(async () => {
  local = await startLocal();
  sfn = new SFNClient(local.clientConfig('sfn'));
  local.lambda.register('status', createStatusRecorder({ records }));
  local.stepFunctions.registerJob('job', () => {
    runs += 1;
    return outcome();
  });
  stateMachineArn = await local.stepFunctions.register('convert', 'examples/ndjson/convert.asl.json', {
    substitutions: {
      StatusFunctionArn: arn,
      JobName: 'job',
      AlertTopicArn: 'arn:aws:sns:us-east-1:0:alerts',
    },
    secondMs: 10,
  });
});
afterAll(async () => {
  await local.stop();
  sfn.destroy();
});

/** Runs it over a manifest to its end; answers its status, the runs of the job and the alerts. */
async function execute(number: number, { enter = true } = {}) {
  const id = `manifest-20270115T000000000Z-${number}`;
  const path = `s3://files/manifests/2027/01/15/${id}.json`;
  const input = { manifest_path: path, date_prefix: '2027/01/15', file_count: 1, timestamp: 't' };
  if (enter) await records.manifests.create(id, { input });
  runs = 0;
  const alertsBefore = local.stepFunctions.notifications.length;
  const start = new StartExecutionCommand({ stateMachineArn, name: `${id}-1`, input: JSON.stringify(input) });
  const { executionArn } = await sfn.send(start);
  for (const giveUpAt = Date.now() + 15_000; Date.now() < giveUpAt; await pause(10)) {
    const { status, error } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'RUNNING') continue;
    const alerts = local.stepFunctions.notifications.slice(alertsBefore);
    return { status, error, runs, alerts, state: (await records.manifests.get(id))?.state };
  }
  throw new Error('the execution did not end in time');
}

describe('the state machine of a manifest', () => {
  it('tries the job three times, and completes the manifest when the last one succeeds', async () => {
    outcome = () => {
      if (runs < 3) throw new Error('no capacity');
    };
    expect(await execute(1)).toEqual({ status: 'SUCCEEDED', runs: 3, alerts: [], state: 'succeeded' });
  });

  it('fails the manifest, alerts once and ends as failed when all three do', async () => {
    outcome = () => {
      throw new Error('a.ndjson, line 2: expected JSON');
    };
    const ended = await execute(2);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', runs: 3, state: 'failed' });
    expect(ended.alerts).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/manifest-.*-2.json was not converted/) }),
    ]);
  });

  it('leaves a manifest alone that another execution has', async () => {
    await records.manifests.create('manifest-20270115T000000000Z-3');
    await records.manifestsOf('another').claim('manifest-20270115T000000000Z-3');
    expect(await execute(3)).toEqual({ status: 'SUCCEEDED', runs: 0, alerts: [], state: 'inProgress' });
  });

  it('alerts about a manifest that nobody knows, and converts nothing', async () => {
    const ended = await execute(4, { enter: false });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'NonRetryableError', runs: 0, state: undefined });
    expect(ended.alerts).toHaveLength(1);
  });

  it('records nothing when its manifest was reset and taken meanwhile, and alerts', async () => {
    const id = 'manifest-20270115T000000000Z-5';
    outcome = async () => {
      clock.now += PROCESSING_MS;
      await records.manifests.resetStuck();
      await records.manifestsOf('another').claim(id);
    };
    const ended = await execute(5);
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: 'NonRetryableError',
      runs: 1,
      state: 'inProgress',
    });
    expect(ended.alerts).toHaveLength(1);
  });
});
