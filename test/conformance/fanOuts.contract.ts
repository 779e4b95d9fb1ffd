import {
  completeTaskWith,
  createFanIn,
  createWorker,
  dynamoFanInStore,
  fanOutToQueue,
  heartbeatWith,
  type LambdaHandler,
  NonRetryableError,
  tableDefinition,
} from 'fanfold';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { functionArn, outputOf } from './executions.js';
import type { Place } from './place.js';

const names = (count: number) => Array.from({ length: count }, (_, index) => `T${index}`);

/** Fan-outs over SQS that a state waits for under its task token. */
export function describeFanOuts(getPlace: () => Place): void {
  describe('a fan-out of our own', () => {
    let orchestrate: LambdaHandler;

    beforeAll(async () => {
      const place = getPlace();
      const tableName = await place.createTable(tableDefinition);
      const fanIn = createFanIn({
        store: dynamoFanInStore({ client: place.dynamodb, tableName }),
        onComplete: completeTaskWith({ client: place.sfn }),
        onProgress: heartbeatWith({ client: place.sfn }),
      });
      const { queueUrl } = await place.createQueue('items');
      const target = { client: place.sqs, queueUrl, fanIn };
      orchestrate = createWorker({
        input: z.object({
          id: z.string(),
          taskToken: z.string(),
          items: z.array(z.string()),
          toleratedFailureCount: z.number().optional(),
        }),
        directFailure: 'throw',
        async process({ id, taskToken, items, toleratedFailureCount }) {
          const limits = toleratedFailureCount === undefined ? {} : { toleratedFailureCount };
          await fanOutToQueue(target, id, items, { total: items.length, taskToken, ...limits });
        },
      });
      place.registerFunction(
        'items-worker',
        createWorker({
          input: z.string(),
          fanIn,
          process(item) {
            if (item.startsWith('bad')) throw new NonRetryableError('no such item');
            return item;
          },
        }),
      );
      await place.mapQueue({ queueUrl, functionName: 'items-worker' });
    });

    /** The token goes to the orchestrator in a message. */
    async function createBySqs(name: string): Promise<string> {
      const place = getPlace();
      const { queueUrl: QueueUrl } = await place.createQueue(name);
      place.registerFunction(name, orchestrate);
      await place.mapQueue({ queueUrl: QueueUrl, functionName: name });
      return place.createStateMachine(name, {
        StartAt: 'FanOut',
        States: {
          FanOut: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Parameters: {
              QueueUrl,
              MessageBody: {
                'taskToken.$': '$$.Task.Token',
                'id.$': '$$.Execution.Name',
                'items.$': '$.items',
                'toleratedFailureCount.$': '$.tolerated',
              },
            },
            ResultPath: '$.job',
            TimeoutSeconds: 600,
            Catch: [
              {
                ErrorEquals: ['FAILURE_TOLERANCE_EXCEEDED'],
                ResultPath: '$.failure',
                Next: 'TooManyFailed',
              },
            ],
            End: true,
          },
          TooManyFailed: { Type: 'Pass', Parameters: { 'reason.$': '$.failure.Error' }, End: true },
        },
      });
    }

    it('is completed by completeTaskWith under sqs:sendMessage.waitForTaskToken', async () => {
      const machine = await createBySqs('by-sqs');
      const items = [...names(45), 'bad'];
      const input = { items, tolerated: 46 };
      expect(await outputOf(getPlace(), machine, input)).toMatchObject({
        job: {
          counts: { expected: 46, succeeded: 45, failed: 1, timedOut: 0, cancelled: 0, notStarted: 0 },
          completionReason: 'ALL_COMPLETED',
        },
      });
    });

    it('fails the task by the reason as soon as too many items failed, and Catch takes it', async () => {
      const machine = await createBySqs('too-many');
      const input = { items: ['bad 1', 'bad 2', ...names(3)], tolerated: 1 };
      // The cause that was sent is not asserted: moto hands it on quoted once more.
      expect(await outputOf(getPlace(), machine, input)).toEqual({ reason: 'FAILURE_TOLERANCE_EXCEEDED' });
    });

    it('docs/asl/queue-fan-out ends by what became of the items', async () => {
      const place = getPlace();
      place.registerFunction(
        'docs-orchestrator',
        createWorker({
          input: z.object({ tickers: z.array(z.string()) }),
          directFailure: 'throw',
          process: ({ tickers }, { stepFunctions }) => {
            const { executionId: id, taskToken } = stepFunctions ?? {};
            return orchestrate({ id, taskToken, items: tickers });
          },
        }),
      );
      const machine = await place.createStateMachine('docs', 'docs/asl/queue-fan-out.asl.json', {
        OrchestratorFunctionArn: functionArn('docs-orchestrator'),
      });
      const good = { ticker_list: { tickers: names(5) } };
      expect(await outputOf(place, machine, good)).toMatchObject({ verdict: 'all succeeded' });
      const mixed = { ticker_list: { tickers: ['bad', ...names(5)] } };
      expect(await outputOf(place, machine, mixed)).toMatchObject({
        job: { counts: { expected: 6, failed: 1 } },
        verdict: 'some failed',
      });
    });
  });
}
