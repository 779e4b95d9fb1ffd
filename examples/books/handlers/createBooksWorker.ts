import { createWorker, type FanIn, type LambdaHandler } from 'fanfold';
import type { Book } from '../csv/book.js';
import type { Enrichment } from '../enrich.js';
import { bookMessageSchema } from './messages.js';

export interface BooksWorkerParts {
  /** Does the work of one book. */
  readonly enrich: (book: Book, signal: AbortSignal) => Promise<Enrichment>;
  readonly fanIn: FanIn<Enrichment>;
  /** How many of its records an invocation works on at the same time. */
  readonly concurrency: number;
  /** That of the queue's redrive policy: on the last receive the reason is kept for the dead-letter function. */
  readonly maxReceiveCount: number;
}

/**
 * The Lambda behind the queue, hundreds of them at once: enriches each book, and settles it. IAM: `sqs:ReceiveMessage`,
 * `sqs:DeleteMessage`, `sqs:GetQueueAttributes` on the queue (for the event source mapping), `sqs:SendMessage` on
 * the aggregator's queue (whichever worker settles the last item delivers the completion), the fan-in's DynamoDB actions.
 */
export function createBooksWorker({
  enrich,
  fanIn,
  concurrency,
  maxReceiveCount,
}: BooksWorkerParts): LambdaHandler {
  return createWorker({
    input: bookMessageSchema,
    process: ({ book }, { signal }) => enrich(book as Book, signal),
    fanIn,
    concurrency,
    maxReceiveCount,
  });
}
