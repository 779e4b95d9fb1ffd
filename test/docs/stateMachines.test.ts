import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  completeTaskWith,
  createFanIn,
  createWorker,
  dynamoFanInStore,
  fanOutToQueue,
  heartbeatWith,
  NonRetryableError,
  tableDefinition,
} from 'fanfold';
import { type Local, startLocal } from 'fanfold/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHarness } from '../local/stepFunctions/harness.js';

let local: Local;
let harness: ReturnType<typeof createHarness>;

beforeAll(async () => {
  local = await startLocal();
  harness = createHarness(local);
});
afterAll(() => local.stop());

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const register = (file: string, substitutions: Record<string, string>, secondMs = 1_000) =>
  local.stepFunctions.register(file, `docs/asl/${file}.asl.json`, { substitutions, secondMs });
async function outputOf(stateMachineArn: string, input: unknown) {
  const result = await harness.ended(await harness.start(stateMachineArn, input));
  expect([result.status, result.error, result.cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  return JSON.parse(result.output ?? '');
}

describe('docs/asl/direct-worker', () => {
  it('reaches a worker as a Step Functions call, without a token', async () => {
    const seen: unknown[] = [];
    const worker = createWorker({
      input: z.object({ ticker: z.string(), source: z.string() }),
      process: ({ ticker, source }, { mode, stepFunctions }) => {
        seen.push(mode, stepFunctions?.taskToken, source);
        return { ticker, status: 'success' };
      },
    });
    local.lambda.register('worker', worker);
    const machine = await register('direct-worker', { WorkerFunctionArn: arn('worker') });
    expect(await outputOf(machine, { ticker: 'AMZN' })).toEqual({
      ticker: 'AMZN',
      worker_result: { Payload: { ticker: 'AMZN', status: 'success' } },
    });
    expect(seen).toEqual(['step-functions', undefined, 'step_functions_precompute']);
  });
});

describe('docs/asl/queue-fan-out', () => {
  it('goes on when the last of the items is settled, with a history that does not grow with them', async () => {
    const tableName = 'fanfold';
    const [dynamodb, sqs] = [
      new DynamoDBClient(local.clientConfig('dynamodb')),
      new SQSClient(local.clientConfig('sqs')),
    ];
    await dynamodb.send(new CreateTableCommand(tableDefinition(tableName)));
    const { queueUrl } = await local.createQueue('tickers', { maxReceiveCount: 3 });
    const client = new SFNClient(local.clientConfig('sfn'));
    const fanIn = createFanIn({
      store: dynamoFanInStore({ client: dynamodb, tableName }),
      onComplete: completeTaskWith({ client }),
      onProgress: heartbeatWith({ client }),
    });
    const orchestrate = async ({
      stepFunctions,
      tickers,
    }: {
      stepFunctions: { executionId: string; taskToken: string };
      tickers: string[];
    }) => {
      const [, id = ''] = /([^:]+)$/.exec(stepFunctions.executionId) ?? [];
      const target = { client: sqs, queueUrl, fanIn };
      await fanOutToQueue(target, id, tickers, { total: tickers.length, taskToken: stepFunctions.taskToken });
    };
    const worker = createWorker({
      input: z.string(),
      fanIn,
      process: (ticker) => {
        if (ticker === 'T3') throw new NonRetryableError('unknown ticker');
        return ticker;
      },
    });
    local.lambda.register('orchestrate', orchestrate, { timeoutMs: 30_000 });
    local.lambda.register('worker', worker, { timeoutMs: 10_000 });
    await local.mapQueue({ queueUrl, functionName: 'worker', batchSize: 10, reportBatchItemFailures: true });
    const machine = await register('queue-fan-out', { OrchestratorFunctionArn: arn('orchestrate') });
    for (const [count, failed, verdict] of [
      [3, 0, 'all succeeded'],
      [46, 1, 'some failed'],
    ] as const) {
      const tickers = Array.from({ length: count }, (_, index) => `T${index}`);
      const executionArn = await harness.start(machine, { ticker_list: { tickers } });
      const { status, output = '' } = await harness.ended(executionArn);
      expect(status).toBe('SUCCEEDED');
      expect(JSON.parse(output)).toMatchObject({
        job: {
          counts: { expected: count, succeeded: count - failed, failed },
          completionReason: 'ALL_COMPLETED',
        },
        verdict,
      });
      expect(await harness.history(executionArn)).toHaveLength(12);
    }
  });

  it('fails when nothing is settled for longer than its heartbeats may be apart', async () => {
    local.lambda.register('forgets', () => undefined);
    const machine = await register('queue-fan-out', { OrchestratorFunctionArn: arn('forgets') }, 1);
    const result = await harness.ended(await harness.start(machine, { ticker_list: { tickers: [] } }));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
  });
});

describe('docs/asl/partial-failure', () => {
  it('takes the failures for what they are, and an empty list for none', async () => {
    local.lambda.register('mint', ({ sourceIdentifiers }: { sourceIdentifiers: string[] }) => ({
      successes: sourceIdentifiers.filter((id) => id !== 'bad'),
      failures: sourceIdentifiers.filter((id) => id === 'bad'),
    }));
    const machine = await register('partial-failure', { MinterFunctionArn: arn('mint') });
    expect(await outputOf(machine, { sourceIdentifiers: ['a'] })).toMatchObject({ verdict: 'all minted' });
    expect(await outputOf(machine, { sourceIdentifiers: ['a', 'bad'] })).toMatchObject({
      verdict: 'some failed',
      mintingResult: { successes: ['a'], failures: ['bad'] },
    });
  });
});

describe('docs/asl/map', () => {
  it('keeps the results of the others when an item fails for good, five at once', async () => {
    let [running, most] = [0, 0];
    local.lambda.register('batch', async ({ batch }: { batch: number }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      if (batch === 7) throw new RangeError('a bad batch');
      return batch * 2;
    });
    const machine = await register('map', { WorkerFunctionArn: arn('batch') }, 5);
    const batches = Array.from({ length: 12 }, (_, index) => index);
    const { results } = await outputOf(machine, { batches });
    expect(results).toEqual(
      batches.map((batch) =>
        batch === 7
          ? { status: 'failed', index: 7, error: 'RangeError' }
          : { status: 'succeeded', value: batch * 2 },
      ),
    );
    expect(most).toBe(5);
  });
});
