import { createWorker, type FanIn, type LambdaHandler } from 'fanfold';
import { z } from 'zod';
import type { StrategyResult } from './session.js';

/** What Lambda sends to the on-failure destination of a function whose asynchronous event failed for good. */
const failureSchema = z.object({
  requestPayload: z.object({
    fanIn: z.object({ id: z.string(), index: z.int().min(0) }),
  }),
  responsePayload: z.object({ errorType: z.string(), errorMessage: z.string() }).optional(),
});

/** A strategy that ran into the function's own timeout, every time. */
const isTimeout = (errorType: string) => errorType === 'Sandbox.Timedout';

/**
 * The on-failure destination of the strategies' Lambda: an event that failed thrice is dropped, and the session would
 * wait for its deadline; here it is settled at once, with its reason. IAM: the fan-in's `dynamodb:` actions,
 * `sqs:SendMessage` on the aggregator's queue.
 */
export function createStrategyFailed(fanIn: FanIn<StrategyResult>): LambdaHandler {
  return createWorker({
    input: failureSchema,
    directFailure: 'throw',
    async process({ requestPayload, responsePayload }) {
      const { id, index } = requestPayload.fanIn;
      const { errorType = 'Unknown', errorMessage = 'the event could not be processed' } =
        responsePayload ?? {};
      const error = { name: errorType, message: errorMessage, code: errorType, retryable: false };
      const status = isTimeout(errorType) ? 'timedOut' : 'failed';
      await fanIn.settle(id, [{ index, outcome: { status, error } }]);
      return null;
    },
  });
}
