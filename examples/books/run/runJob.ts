import { createReadStream } from 'node:fs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { startApiProcess } from '../api/startApiProcess.js';
import type { CsvFacts } from '../csv/checkCsv.js';
import type { Dashboard } from '../dashboard/dashboard.js';
import type { Timeline } from '../dashboard/timeline.js';
import type { Flags } from '../flags.js';
import { collectResult } from './collectResult.js';
import { deployFunctions } from './deployFunctions.js';
import { capacityOf, limitsOf } from './limits.js';
import { createObserver, type Observer } from './observer.js';
import type { Result } from './result.js';
import { startProgress } from './startProgress.js';
import { startStage } from './startStage.js';
import { waitForEnd } from './waitForEnd.js';

export interface Finished {
  readonly result: Result;
  readonly dashboard: Dashboard;
  readonly timeline: Timeline;
}

/** Has the observer told of the first message, from outside of what publishes it. */
function watchPublishing(sqs: SQSClient, observer: Observer): void {
  sqs.middlewareStack.add(
    (next, { commandName }) =>
      (input) => {
        if (commandName === 'SendMessageBatchCommand') observer.published();
        return next(input);
      },
    { step: 'initialize', name: 'watchPublishing' },
  );
}

/** Puts up the stage, runs one job on it from upload to dashboard, and takes everything down again. */
export async function runJob(flags: Flags, facts: CsvFacts, signal: AbortSignal): Promise<Finished> {
  const { id, csv, latencyMs, seed, faults, limit } = flags;
  const limits = limitsOf(flags, facts.rows);
  const api = flags.api === undefined ? await startApiProcess({ latencyMs, seed, faults }) : undefined;
  const observer = createObserver(facts.broken);
  try {
    const stage = await startStage(flags, limits);
    try {
      signal.throwIfAborted();
      watchPublishing(stage.clients.sqs, observer);
      const apiUrl = flags.api ?? api?.url ?? '';
      await deployFunctions({ stage, flags, limits, apiUrl, observer });
      const { files } = stage.onlooker;
      await files.uploadCsv(id, createReadStream(csv), facts.bytes);
      await files.writeStatus(id, { state: 'uploaded' });
      const job = { processing_uuid: id, bucket: files.bucket, original_books_s3_key: files.csvKey(id) };
      const stopProgress = startProgress(facts.rows, observer.progress, process.stderr);
      try {
        await stage.local.lambda.invokeAsync(
          'orchestrator',
          Number.isFinite(limit) ? { ...job, limit } : job,
        );
        const { leftInQueues } = await waitForEnd({ id, stage, limits, observer, signal });
        const dashboard = await files.readDashboard(id);
        const result = await collectResult({ flags, facts, stage, api, observer, dashboard, leftInQueues });
        const { peak, points } = observer.inFlight;
        return {
          result,
          dashboard,
          timeline: { points, peak, expected: facts.rows, capacity: capacityOf(flags) },
        };
      } finally {
        stopProgress();
      }
    } finally {
      await stage.stop();
    }
  } finally {
    observer.inFlight.stop();
    await api?.stop();
  }
}
