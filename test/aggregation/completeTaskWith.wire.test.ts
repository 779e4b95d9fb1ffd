import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { completeTaskWith, createFanIn, dynamoFanInStore } from '../../src/aggregation/index.js';
import { fanOutToQueue } from '../../src/fanout/index.js';
import { createWorker } from '../../src/invocation/index.js';
import { type Local, startLocal } from '../../src/local/index.js';
import { tableDefinition } from '../../src/table.js';
import { createHarness, single } from '../local/stepFunctions/harness.js';

let local: Local;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.stop());

describe('a fan-in under a task token whose deadline passes', () => {
  it('leaves the execution at States.Timeout, hangs nothing, and says that nobody knows of its delivery', async () => {
    const client = new DynamoDBClient(local.clientConfig('dynamodb'));
    await client.send(new CreateTableCommand(tableDefinition('fanfold')));
    const queue = await local.createQueue('items', { maxReceiveCount: 2 });
    const sfn = new SFNClient(local.clientConfig('sfn'));
    const fanIn = createFanIn({
      store: dynamoFanInStore({ client, tableName: 'fanfold' }),
      onComplete: completeTaskWith({ client: sfn }),
    });
    const target = { client: new SQSClient(local.clientConfig('sqs')), queueUrl: queue.queueUrl, fanIn };
    local.lambda.register('orchestrate', ({ taskToken }: { taskToken: string }) =>
      fanOutToQueue(target, 'late', [1, 2, 3], { taskToken }),
    );
    let release = () => {};
    const timedOut = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = createWorker({ input: z.number(), fanIn, process: () => timedOut });
    local.lambda.register('worker', worker, { timeoutMs: 30_000 });
    await local.mapQueue({ queueUrl: queue.queueUrl, functionName: 'worker' });

    const harness = createHarness(local);
    const machine = single({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { FunctionName: 'orchestrate', Payload: { 'taskToken.$': '$$.Task.Token' } },
      TimeoutSeconds: 1,
    });
    expect(await harness.run(machine)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await fanIn.status('late')).toMatchObject({ state: 'open', counts: { notStarted: 3 } });

    release();
    await expect
      .poll(() => fanIn.status('late'), { timeout: 30_000, interval: 20 })
      .toMatchObject({ state: 'delivered', delivery: 'unknown', counts: { succeeded: 3 } });
    const depths = async () => [
      await local.queueDepth(queue.queueUrl),
      await local.queueDepth(queue.deadLetterQueueUrl ?? ''),
    ];
    await expect
      .poll(depths, { timeout: 30_000, interval: 20 })
      .toEqual(Array(2).fill({ visible: 0, inFlight: 0, delayed: 0 }));
  });
});
