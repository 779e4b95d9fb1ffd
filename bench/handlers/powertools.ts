import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';
import type { Context, SQSEvent } from 'aws-lambda';
import type { z } from 'zod';
import { book, handleOnce, readPages } from './book.js';

const processor = new BatchProcessor(EventType.SQS, { parser, innerSchema: book, transformer: 'json' });

await handleOnce((event: SQSEvent, context: Context) =>
  processPartialResponse(event, ({ body }: { body: z.infer<typeof book> }) => readPages(body), processor, {
    context,
  }),
);
