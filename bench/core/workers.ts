import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';
import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createWorker } from 'fanfold';
import { z } from 'zod';

/** A handler as Lambda calls it. */
export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const book = z.object({ isbn: z.string().min(10), title: z.string(), pages: z.number().int() });

/** The work: it costs next to nothing, so that what is around it is measured. One book in a hundred has none. */
async function readPages({ pages }: z.infer<typeof book>): Promise<number> {
  if (pages % 100 === 99) throw new Error('no such book');
  return pages;
}

/** What every contestant without a schema of its own does for a record. */
const readRecord = ({ body }: SQSRecord): Promise<number> => readPages(book.parse(JSON.parse(body)));

/** A loop that parses, validates, awaits the same work and reports failures. */
const byHand: Handler = async ({ Records }) => {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { body, messageId } of Records) {
    try {
      const parsed = book.safeParse(JSON.parse(body));
      if (!parsed.success) throw parsed.error;
      await readPages(parsed.data);
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};

const worker = createWorker({ input: book, process: readPages });

const processor = new BatchProcessor(EventType.SQS);
const powertools: Handler = (event, context) =>
  processPartialResponse(event, readRecord, processor, { context, throwOnFullBatchFailure: false });

const parsing = new BatchProcessor(EventType.SQS, { parser, innerSchema: book, transformer: 'json' });
const powertoolsWithParser: Handler = (event, context) =>
  processPartialResponse(event, ({ body }: { body: z.infer<typeof book> }) => readPages(body), parsing, {
    context,
    throwOnFullBatchFailure: false,
  });

const withMiddy = middy<SQSEvent>()
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .handler(({ Records }: SQSEvent) => Promise.allSettled(Records.map(readRecord)));

/** fanfold first, then whom it is measured beside. */
export const workers = {
  // What a worker answers depends on the event; to records it is always a batch response.
  fanfold: (event, context) => worker(event, context) as Promise<SQSBatchResponse>,
  'hand-written loop': byHand,
  'Powertools batch': powertools,
  'Powertools batch with parser': powertoolsWithParser,
  // The middleware turns the settled promises into the answer.
  middy: (event, context) => withMiddy(event, context) as unknown as Promise<SQSBatchResponse>,
} satisfies Readonly<Record<string, Handler>>;

export type WorkerName = keyof typeof workers;
