import { type ClaimCheck, createWorker, type FanIn, type LambdaHandler } from 'fanfold';
import { toAnswer } from './pointer.js';
import { type StrategyResult, type StrategyTask, taskSchema } from './session.js';

/** Computes a strategy's signals and targets. Without side effects: it may run more than once. */
export type Evaluate = (
  task: StrategyTask,
  options: { readonly signal: AbortSignal },
) => Promise<StrategyResult>;

export interface StrategyWorkerParts {
  /** With `storeResults` and a `claimCheck`, so that results over 256 KiB go by pointer. */
  readonly fanIn: FanIn<StrategyResult>;
  readonly evaluate: Evaluate;
  readonly store: ClaimCheck;
}

/**
 * The Lambda of one strategy, invoked asynchronously with an envelope (it settles) or by a Map (it answers). An error is
 * thrown either way: Lambda tries an asynchronous event again twice, and the Map's Retry as often.
 * IAM: the fan-in's `dynamodb:` actions, `s3:PutObject`, `sqs:SendMessage` on the aggregator's queue.
 */
export function createStrategyWorker({ fanIn, evaluate, store }: StrategyWorkerParts): LambdaHandler {
  return createWorker({
    input: taskSchema,
    fanIn,
    directFailure: 'throw',
    process: (task, { signal }) => evaluate(task, { signal }),
    async respond([outcome], invocation) {
      if (outcome?.status !== 'succeeded' || invocation.mode !== 'step-functions') return null;
      const { executionId = '' } = invocation.stepFunctions;
      const { value } = outcome;
      const key = `strategies/${encodeURIComponent(executionId)}/${encodeURIComponent(value.dsl_file)}`;
      return toAnswer(store, key, value);
    },
  });
}
