import { type ClaimCheck, createWorker, type FanIn, type LambdaHandler } from 'fanfold';
import { z } from 'zod';
import type { Conclude } from '../events/createConclude.js';
import type { TradingEvent } from '../events/tradingEvent.js';
import { type SessionEnd, type StrategyOutcome, workflowFailed } from './concludeSession.js';
import { answerSchema, fitDetail, fromAnswer } from './pointer.js';
import { type StrategyResult, sessionSchema } from './session.js';
import { workflowIdOf } from './startSession.js';

const base = { session: sessionSchema, is_shadow: z.boolean() };

/** The fan-in's summary, by the aggregator's queue. */
export const summarySchema = z.object({ id: z.string(), deliveryId: z.string(), metadata: z.object(base) });

/** What the state machine gives: the answers of the Map, or why it could not get as far. */
const executionSchema = z.object({
  ...base,
  execution_id: z.string(),
  results: z
    .array(
      z.union([
        z.object({ dsl_file: z.string(), answer: answerSchema }),
        z.object({ dsl_file: z.string(), error: z.string(), cause: z.string().optional() }),
      ]),
    )
    .optional(),
  failure: z.object({ error: z.string() }).optional(),
});

type Execution = z.infer<typeof executionSchema>;

export interface AggregatorParts {
  readonly fanIn: FanIn<StrategyResult>;
  readonly store: ClaimCheck;
  readonly conclude: Conclude;
  /** `concludeSession`, which is pure. */
  readonly aggregate: (end: SessionEnd) => TradingEvent;
}

/** A function's own timeout, and the state's. */
const timeouts: readonly string[] = ['States.Timeout', 'Sandbox.Timedout'];

async function readExecution(store: ClaimCheck, { results = [] }: Execution): Promise<StrategyOutcome[]> {
  return Promise.all(
    results.map(async (result): Promise<StrategyOutcome> => {
      const { dsl_file } = result;
      if ('answer' in result)
        return { dsl_file, status: 'succeeded', result: await fromAnswer(store, result.answer) };
      const status = timeouts.includes(result.error) ? 'timedOut' : 'failed';
      return { dsl_file, status, error: result.error };
    }),
  );
}

async function readFanIn(
  fanIn: FanIn<StrategyResult>,
  { id, metadata }: z.infer<typeof summarySchema>,
): Promise<StrategyOutcome[]> {
  const outcomes = metadata.session.strategies.map(
    ({ dsl_file }): StrategyOutcome => ({ dsl_file, status: 'unsettled' }),
  );
  for await (const { index, outcome } of fanIn.results(id)) {
    const { dsl_file = '' } = outcomes[index] ?? {};
    const { status } = outcome;
    outcomes[index] =
      status === 'succeeded'
        ? { dsl_file, status, result: outcome.value }
        : { dsl_file, status: status === 'timedOut' ? status : 'failed', error: outcome.error.name };
  }
  return outcomes;
}

/**
 * The Lambda that ends a session with one event: called once by the state machine, or by the fan-in's summary, which can
 * come twice. The session's record lets it aggregate once whatever comes twice. IAM: the fan-in's and the jobs' `dynamodb:`
 * actions, `s3:GetObject`, `s3:PutObject`, `events:PutEvents`; behind its queue the receiving actions.
 */
export function createAggregator({ fanIn, store, conclude, aggregate }: AggregatorParts): LambdaHandler {
  return createWorker({
    input: z.union([summarySchema, executionSchema]),
    directFailure: 'throw',
    async process(ended) {
      const isFanIn = 'deliveryId' in ended;
      const { session, is_shadow } = isFanIn ? ended.metadata : ended;
      const execution_id = isFanIn ? ended.id : ended.execution_id;
      const workflowId = workflowIdOf(session, is_shadow);
      const { detailType } = await conclude(
        workflowId,
        async () => {
          if (!isFanIn && ended.failure !== undefined)
            return workflowFailed(session.correlation_id, execution_id, ended.failure.error);
          const outcomes = isFanIn ? await readFanIn(fanIn, ended) : await readExecution(store, ended);
          const event = aggregate({ session, execution_id, outcomes });
          return { ...event, detail: await fitDetail(store, `signals/${workflowId}`, event.detail) };
        },
        { isShadow: is_shadow },
      );
      return { event: detailType };
    },
  });
}
