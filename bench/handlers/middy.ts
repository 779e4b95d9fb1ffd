import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SQSEvent } from 'aws-lambda';
import { book, handleOnce, readPages } from './book.js';

const handler = middy<SQSEvent>()
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .handler(({ Records }: SQSEvent) =>
    Promise.allSettled(Records.map(({ body }) => readPages(book.parse(JSON.parse(body))))),
  );

await handleOnce(handler);
