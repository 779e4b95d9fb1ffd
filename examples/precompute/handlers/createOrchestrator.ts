import type { SQSClient } from '@aws-sdk/client-sqs';
import { createWorker, type FanIn, fanOutToQueue, type LambdaHandler, NonRetryableError } from 'fanfold';
import { type Answer, fanOutSchema } from './messages.js';

export interface OrchestratorParts {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly fanIn: FanIn<Answer>;
}

/**
 * The Lambda under the `waitForTaskToken` state: opens a fan-in with the token and publishes one message a ticker. The
 * token stays in the fan-in: no message carries it. Called again by Retry, it goes on at its cursor with the new token.
 *
 * IAM: `sqs:SendMessage` on the queue, the fan-in's DynamoDB actions (`GetItem`, `BatchGetItem`, `PutItem`,
 * `UpdateItem`, `Query`), `states:SendTaskSuccess`, `SendTaskFailure`, `SendTaskHeartbeat`.
 */
export function createOrchestrator({ sqs, queueUrl, fanIn }: OrchestratorParts): LambdaHandler {
  return createWorker({
    input: fanOutSchema,
    // Answered errors would leave the state waiting for its timeout: thrown, they end it, or are tried again.
    directFailure: 'throw',
    async process({ tickers, execution_id, source }, { stepFunctions }) {
      const taskToken = stepFunctions?.taskToken;
      if (taskToken === undefined)
        throw new NonRetryableError('expected a task token in the stepFunctions mark');
      const { status, counts } = await fanOutToQueue(
        { client: sqs, queueUrl, fanIn },
        execution_id,
        tickers,
        {
          total: tickers.length,
          taskToken,
          toMessage: ({ ticker }) => ({ body: { ticker, execution_id, source } }),
        },
      );
      return { status, counts };
    },
  });
}
