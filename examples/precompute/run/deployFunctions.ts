import { fileURLToPath } from 'node:url';
import type { LambdaHandler } from 'fanfold';
import { createFunctions } from '../deploy.js';
import type { Way } from '../flags.js';
import type { Database } from './createDatabase.js';
import type { QuotesApi } from './createQuotesApi.js';
import type { Stage } from './startStage.js';

const WORKER_TIMEOUT_MS = 60_000;
const ORCHESTRATOR_TIMEOUT_MS = 300_000;
/** Five batches of ten: as many at once as the Map's 46, and a few. */
const INVOCATIONS = 5;

export interface Deployed {
  readonly jobs: ReturnType<typeof createFunctions>['jobs'];
  /** The state machines' ARNs. */
  readonly machines: Readonly<Record<Way, string>>;
  /** The task tokens that the orchestrator was given. */
  readonly tokens: ReadonlySet<string>;
}

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const fileOf = (name: string) => fileURLToPath(new URL(`../${name}.asl.json`, import.meta.url));

/** Registers functions and state machines, and connects the queues, as a deployment would. */
export async function deployFunctions(
  { local, sfn, sqs, queueUrl, deadLetterQueueUrl, stores }: Stage,
  api: QuotesApi,
  database: Database,
  connectionLimit: number,
): Promise<Deployed> {
  const { jobs, worker, orchestrator, deadLetter } = createFunctions({
    ...{ stores, sqs, sfn, queueUrl, connectionLimit },
    fetchQuote: api.fetchQuote,
    saveQuote: database.saveQuote,
  });
  const tokens = new Set<string>();
  const watched: LambdaHandler = (event, context) => {
    const { stepFunctions } = event as { readonly stepFunctions?: { readonly taskToken?: string } };
    if (stepFunctions?.taskToken !== undefined) tokens.add(stepFunctions.taskToken);
    return orchestrator(event, context);
  };
  local.lambda.register('worker', worker, { timeoutMs: WORKER_TIMEOUT_MS });
  local.lambda.register('orchestrator', watched, { timeoutMs: ORCHESTRATOR_TIMEOUT_MS });
  local.lambda.register('deadLetter', deadLetter, { timeoutMs: WORKER_TIMEOUT_MS });
  await local.mapQueue({ queueUrl, functionName: 'worker', maximumConcurrency: INVOCATIONS });
  await local.mapQueue({ queueUrl: deadLetterQueueUrl, functionName: 'deadLetter' });
  const map = await local.stepFunctions.register('precompute', fileOf('precompute'), {
    substitutions: { WorkerFunctionArn: arnOf('worker') },
  });
  const overSqs = await local.stepFunctions.register('precompute-sqs', fileOf('precompute-sqs'), {
    substitutions: { OrchestratorFunctionArn: arnOf('orchestrator') },
  });
  return { jobs, machines: { map, sqs: overSqs }, tokens };
}
