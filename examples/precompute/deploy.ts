import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  completeTaskWith,
  createDeadLetterHandler,
  createFanIn,
  createJobs,
  createSemaphore,
  type FanIn,
  type FanInStore,
  heartbeatWith,
  type JobStore,
  type SemaphoreStore,
} from 'fanfold';
import { createOrchestrator } from './handlers/createOrchestrator.js';
import { createPrecomputeWorker, type PrecomputeWorkerParts } from './handlers/createPrecomputeWorker.js';
import { describeJob } from './handlers/describeJob.js';
import type { Answer, Work } from './handlers/messages.js';

/** What the functions are made of; on AWS the three stores are DynamoDB's, on one table. */
export interface Deployment extends Pick<PrecomputeWorkerParts, 'fetchQuote' | 'saveQuote'> {
  readonly stores: {
    readonly jobs: JobStore;
    readonly semaphores: SemaphoreStore;
    readonly fanIns: FanInStore;
  };
  readonly sqs: SQSClient;
  readonly sfn: SFNClient;
  readonly queueUrl: string;
  /** How many workers may use the database at once; `undefined` for as many as there are. */
  readonly connectionLimit: number | undefined;
}

/** That of the queue's redrive policy. */
export const MAX_RECEIVE_COUNT = 3;
const DAY_SECONDS = 86_400;
const SLOT_LEASE_MS = 60_000;

/** The three functions as they are deployed, and the records that they share. */
export function createFunctions({ stores, sqs, sfn, queueUrl, connectionLimit, ...ports }: Deployment) {
  const fanIn: FanIn<Answer> = createFanIn<Answer>({
    store: stores.fanIns,
    onComplete: completeTaskWith({ client: sfn, output: (summary) => describeJob(summary, fanIn) }),
    onProgress: heartbeatWith({ client: sfn }),
    storeResults: true,
  });
  const jobs = createJobs<Work, Answer>({ store: stores.jobs, ttlSeconds: DAY_SECONDS });
  const connections =
    connectionLimit === undefined
      ? undefined
      : createSemaphore({ store: stores.semaphores }, 'database', {
          limit: connectionLimit,
          leaseMs: SLOT_LEASE_MS,
        });
  return {
    jobs,
    orchestrator: createOrchestrator({ sqs, queueUrl, fanIn }),
    worker: createPrecomputeWorker({
      ...{ jobs, connections, fanIn, ...ports, maxReceiveCount: MAX_RECEIVE_COUNT },
      backoff: {
        errorEquals: ['Throttled'],
        intervalSeconds: 0.1,
        backoffRate: 2,
        maxAttempts: 4,
        jitterStrategy: 'FULL',
      },
    }),
    deadLetter: createDeadLetterHandler({ fanIn }),
  };
}
