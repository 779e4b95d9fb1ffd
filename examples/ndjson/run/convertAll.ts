import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { FunctionError } from 'fanfold/local';
import type { FinisherAnswer } from '../handlers/createFinisher.js';
import type { OperationsRequest } from '../handlers/createOperations.js';
import type { Deployed } from './deployFunctions.js';
import { listExecutions, stopExecution } from './executions.js';
import { notificationOf } from './sendNotifications.js';
import type { SourceFile } from './sourceFile.js';
import type { Stage } from './startStage.js';
import { until } from './until.js';

interface Stats {
  readonly files: Readonly<Record<'waiting' | 'beingMarked' | 'inManifest', number>>;
  readonly manifests: Readonly<Record<'built' | 'processing' | 'completed' | 'failed', number>>;
}

/** How the conversions went. */
export interface Converting {
  /** Manifests that were built and never started, and the finisher started. */
  readonly foundNotStarted: readonly string[];
  /** With what the finisher found when nothing is to be started. */
  readonly skipped: readonly string[];
  readonly stuck: readonly string[];
  readonly resetStuck: readonly string[];
  readonly failed: readonly { readonly manifest_id: string; readonly error: string }[];
  readonly alerts: number;
  readonly runsOfFailed: number;
  readonly redriven: string;
  readonly orphans: number;
  /** When everything was over. */
  readonly stats: Stats;
}

/** Starts what was not started, and sees every manifest through: the one that stalls, and the one that fails. */
export async function convertAll(stage: Stage, deployed: Deployed, corrupt: SourceFile): Promise<Converting> {
  const { local, sfn, sqs, queueUrl, files } = stage;
  const { conversions, stateMachineArn } = deployed;
  const operate = <T>(request: OperationsRequest) => local.lambda.invoke('operations', request) as Promise<T>;
  const finish = async (): Promise<FinisherAnswer> => {
    for (;;) {
      try {
        return (await local.lambda.invoke('finisher')) as FinisherAnswer;
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
      }
    }
  };
  const running = async () =>
    (await listExecutions(sfn, stateMachineArn)).filter(({ status }) => status === 'RUNNING');
  const onlyStalledRuns = () =>
    until('every execution ends', async () =>
      (await running()).every(({ manifestId }) => manifestId === conversions.stalled),
    );

  const { started, skipped } = await finish();
  await onlyStalledRuns();
  for (const { executionArn } of await running()) await stopExecution(sfn, executionArn);
  const stuck = await operate<{ manifests: string[] }>({ operation: 'stuck' });
  const reset = await operate<{ manifests: string[] }>({ operation: 'resetStuck' });
  if (reset.manifests.length > 0) await finish();
  await until('the reset manifest is converted', async () => (await running()).length === 0);

  const failed = await operate<{ manifests: Converting['failed'] }>({ operation: 'failed' });
  const alerts = local.stepFunctions.notifications.length;
  const [first] = failed.manifests;
  const runsOfFailed = conversions.runs.get(first?.manifest_id ?? '') ?? 0;

  // Mended under its own key, of which S3 tells again: it has its place in its manifest already.
  await corrupt.upload(files);
  const body = notificationOf(corrupt, files.bucket, 1_000_000);
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(body) }));
  await until('the notification is handled', async () => {
    const { visible, inFlight } = await local.queueDepth(queueUrl);
    return visible + inFlight === 0;
  });
  let redriven = 'nothing';
  if (first !== undefined) {
    const answer = await operate<{ status: string }>({
      operation: 'redrive',
      manifest_id: first.manifest_id,
    });
    redriven = answer.status;
    await until('the redriven manifest is converted', async () => (await running()).length === 0);
  }
  return {
    foundNotStarted: started,
    skipped,
    stuck: stuck.manifests,
    resetStuck: reset.manifests,
    failed: failed.manifests,
    ...{ alerts, runsOfFailed, redriven },
    orphans: (await operate<{ files: string[] }>({ operation: 'orphans' })).files.length,
    stats: await operate<Stats>({ operation: 'stats' }),
  };
}
