import { fileURLToPath } from 'node:url';
import type { LambdaHandler } from 'fanfold';
import { createSessionFunctions, MAX_RECEIVE_COUNT } from '../deploy.js';
import { concludeSession } from '../strategies/concludeSession.js';
import type { StrategyAnswer } from '../strategies/pointer.js';
import { createEventLog } from './createEventLog.js';
import { createStrategies } from './createStrategies.js';
import type { Stage } from './startStage.js';

const TIMEOUT_MS = 60_000;
const DEADLINE_MS = 600_000;
/** Of sessions that are to time out; for the state machine 300 of its seconds. */
const SHORT_DEADLINE_MS = 6_000;
const SECOND_MS = SHORT_DEADLINE_MS / 300;

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** A new path that is wrong: it takes 250 cents of a strategy's first target, which is over the tolerance of 100. */
export const PLANTED_CENTS = 250;

function plant(answer: StrategyAnswer): StrategyAnswer {
  if ('claim_check_key' in answer) return answer;
  const [first, ...others] = Object.entries(answer.consolidated_portfolio.target_cents);
  if (first === undefined) return answer;
  const target_cents = { [first[0]]: first[1] - PLANTED_CENTS, ...Object.fromEntries(others) };
  return { ...answer, consolidated_portfolio: { target_cents } };
}

/** Registers the functions and the state machine of the strategies, as a deployment would. */
export async function deploySessions(stage: Stage, planted?: string) {
  const { local, stores, lambda, sfn, sqs, events } = stage;
  const queue = await local.createQueue('aggregate', {
    ...{ visibilityTimeoutSeconds: 90, maxReceiveCount: MAX_RECEIVE_COUNT },
  });
  const log = createEventLog(local, stores);
  const strategies = createStrategies(local, stage.s3);
  const aggregations = new Map<string, number>();
  const environment: { USE_STEP_FUNCTIONS?: string | undefined } = {};
  const deployment = {
    ...{ stores, lambda, sfn, sqs, events, environment, evaluate: strategies.evaluate },
    ...{ strategyFunctionName: 'strategy', aggregatorQueueUrl: queue.queueUrl },
    // A state machine's ARN is known before it is registered.
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:session',
    shadowPollMs: 50,
    aggregate: (end: Parameters<typeof concludeSession>[0]) => {
      const { correlation_id } = end.session;
      aggregations.set(correlation_id, (aggregations.get(correlation_id) ?? 0) + 1);
      return concludeSession(end);
    },
  };
  const functions = createSessionFunctions({ ...deployment, deadlineMs: DEADLINE_MS });
  const hasty = createSessionFunctions({ ...deployment, deadlineMs: SHORT_DEADLINE_MS });
  const unconfigured = createSessionFunctions({
    ...{ ...deployment, stateMachineArn: undefined, deadlineMs: DEADLINE_MS },
  });
  const strategy: LambdaHandler = async (event, context) => {
    const answer = await functions.strategy(event, context);
    const { stepFunctions, dsl_file } = event as { stepFunctions?: unknown; dsl_file?: string };
    return stepFunctions !== undefined && dsl_file === planted && planted !== undefined
      ? plant(answer as StrategyAnswer)
      : answer;
  };

  const register = (name: string, handler: LambdaHandler) =>
    local.lambda.register(name, handler, { timeoutMs: TIMEOUT_MS });
  local.lambda.register('strategy', strategy, {
    timeoutMs: TIMEOUT_MS,
    // Lambda's own record for an on-failure destination.
    onFailure: ({ requestPayload, error }) => {
      const { payload } = error as { readonly payload?: unknown };
      void local.lambda.invokeAsync('strategyFailed', { requestPayload, responsePayload: payload });
    },
  });
  register('strategyFailed', functions.strategyFailed);
  register('aggregator', functions.aggregator);
  register('aggregatorFailed', functions.aggregatorFailed);
  register('startSession', functions.starter);
  register('startHasty', hasty.starter);
  register('startUnconfigured', unconfigured.starter);
  register('shadow', functions.shadow);
  local.lambda.register('sweeper', () => functions.sweeper(), { timeoutMs: TIMEOUT_MS });
  await local.mapQueue({ queueUrl: queue.queueUrl, functionName: 'aggregator', batchSize: 1 });
  await local.mapQueue({ queueUrl: queue.deadLetterQueueUrl ?? '', functionName: 'aggregatorFailed' });
  await local.stepFunctions.register(
    'session',
    fileURLToPath(new URL('../session.asl.json', import.meta.url)),
    {
      substitutions: {
        StrategyFunctionArn: arnOf('strategy'),
        AggregatorFunctionArn: arnOf('aggregator'),
      },
      secondMs: SECOND_MS,
    },
  );
  return { log, strategies, aggregations, environment };
}

export type DeployedSessions = Awaited<ReturnType<typeof deploySessions>>;
