import {
  dynamoFanInStore,
  dynamoJobStore,
  dynamoSemaphoreStore,
  NonRetryableError,
  tableDefinition,
} from 'fanfold';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFunctions } from '../../examples/precompute/deploy.js';
import { listTickers } from '../../examples/precompute/tickers.js';
import { functionArn, outputOf } from './executions.js';
import type { Place } from './place.js';

/** The example's own functions and state machines, by both ways. */
export function describePrecompute(getPlace: () => Place): void {
  describe('examples/precompute', () => {
    const tickers = listTickers(12);
    const refused = tickers.at(-1)?.ticker;
    const ticker_list = { tickers };

    beforeAll(async () => {
      const { dynamodb: client, sqs, sfn, registerFunction, createTable, createQueue, mapQueue } = getPlace();
      const target = { client, tableName: await createTable(tableDefinition) };
      const { queueUrl } = await createQueue('tickers', { maxReceiveCount: 3 });
      const { orchestrator, worker } = createFunctions({
        stores: {
          jobs: dynamoJobStore(target),
          semaphores: dynamoSemaphoreStore(target),
          fanIns: dynamoFanInStore(target),
        },
        ...{ sqs, sfn, queueUrl, connectionLimit: 5 },
        async fetchQuote(ticker) {
          if (ticker === refused) throw new NonRetryableError(`${ticker}: refused`);
          return ticker.length;
        },
        saveQuote: async () => undefined,
      });
      registerFunction('precompute-orchestrator', orchestrator);
      registerFunction('precompute-worker', worker);
      await mapQueue({ queueUrl, functionName: 'precompute-worker' });
    });

    it('precompute maps over the tickers and sees which of them failed', async () => {
      const machine = await getPlace().createStateMachine(
        'precompute',
        'examples/precompute/precompute.asl.json',
        { WorkerFunctionArn: functionArn('precompute-worker') },
      );
      expect(await outputOf(getPlace(), machine, { ticker_list })).toMatchObject({
        results: tickers.map(({ ticker }) => ({
          worker_result: { Payload: { ticker, status: ticker === refused ? 'failed' : 'success' } },
        })),
        summary: { any_failed: true },
        verdict: 'some failed',
      });
    });

    it('precompute-sqs goes on when the last ticker is settled, with the counts and the reason', async () => {
      const machine = await getPlace().createStateMachine(
        'precompute-sqs',
        'examples/precompute/precompute-sqs.asl.json',
        { OrchestratorFunctionArn: functionArn('precompute-orchestrator') },
      );
      expect(await outputOf(getPlace(), machine, { ticker_list })).toMatchObject({
        job: {
          counts: { expected: 12, succeeded: 11, failed: 1 },
          completionReason: 'ALL_COMPLETED',
          failures: [{ index: 11, error: `${refused}: refused` }],
        },
        verdict: 'some failed',
      });
    });
  });
}
