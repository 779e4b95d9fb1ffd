import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  createWorker,
  type FanIn,
  fanOutToQueue,
  type LambdaHandler,
  NonRetryableError,
  type RetryPolicy,
} from 'fanfold';
import { InputError } from '../../inputError.js';
import type { Row } from '../csv/book.js';
import { readBooks } from '../csv/readBooks.js';
import type { Enrichment } from '../enrich.js';
import type { JobFiles } from '../jobFiles.js';
import { type Job, jobSchema } from './messages.js';

export interface OrchestratorParts {
  readonly files: JobFiles;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly fanIn: FanIn<Enrichment>;
  /** Invokes this function again, asynchronously: for a file that takes longer than one invocation may. */
  readonly invokeAgain: (job: Job) => Promise<unknown>;
}

const DEADLINE_MARGIN_MS = 10_000;

/**
 * All is settled before it is sealed, and somebody else tells of it: that ends well, or its lease runs out and the next
 * try tells. Thrice would be Lambda's own limit.
 */
const UNTIL_DELIVERED: RetryPolicy = {
  errorEquals: ['DeliveryInProgress'],
  intervalSeconds: 1,
  backoffRate: 1,
  maxAttempts: 60,
};

/** A row that is no book throws: `fanOutToQueue` then settles its item as failed, with this reason. */
function toMessage(row: Row, job: Job) {
  if ('problem' in row) throw new NonRetryableError(`line ${row.line}: ${row.problem}`, { code: 'BadRow' });
  const { processing_uuid, bucket, original_books_s3_key } = job;
  return { body: { book: row.book, processing_uuid, bucket, original_books_s3_key } };
}

/**
 * The Lambda that starts the job: streams the CSV from S3 and publishes one message a row. Invoked twice, or again
 * after a crash, it goes on where it was. IAM: `s3:GetObject`, `s3:PutObject` on the job's files, `sqs:SendMessage` on
 * the queue, the fan-in's DynamoDB actions, `lambda:InvokeFunction` on itself.
 */
export function createOrchestrator(parts: OrchestratorParts): LambdaHandler {
  const { files, sqs, queueUrl, fanIn, invokeAgain } = parts;
  return createWorker({
    input: jobSchema,
    // The invocation is asynchronous: an error that is thrown is one that Lambda tries again.
    directFailure: 'throw',
    retry: UNTIL_DELIVERED,
    async process(job, { remainingMs }) {
      const { processing_uuid: id, limit } = job;
      const status = await files.readStatus(id);
      if (status?.state === 'completed' || status?.state === 'failed') return status;
      if (status?.state !== 'processing') await files.writeStatus(id, { state: 'processing' });
      try {
        const rows = readBooks(await files.openCsv(id), limit);
        const result = await fanOutToQueue({ client: sqs, queueUrl, fanIn }, id, rows, {
          toMessage: (row) => toMessage(row, job),
          deadline: { remainingMs, marginMs: DEADLINE_MARGIN_MS },
          metadata: job,
        });
        if (result.status === 'paused') await invokeAgain(job);
        return { status: result.status, counts: result.counts };
      } catch (error) {
        const reason = unreadable(error);
        if (reason === undefined) throw error;
        await files.writeStatus(id, { state: 'failed', reason });
        return { state: 'failed', reason };
      }
    },
  });
}

/** The file itself is at fault, so that trying again cannot help. */
function unreadable(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof InputError ? cause.message : undefined;
}
