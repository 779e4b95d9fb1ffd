import { z } from 'zod';

export const book = z.object({ isbn: z.string(), pages: z.number().int() });

export async function readPages({ pages }: z.infer<typeof book>): Promise<number> {
  return pages;
}

/** Handles one event of one record, as the first invocation of a new process does. */
export async function handleOnce(handler: (event: never, context: never) => Promise<unknown>): Promise<void> {
  const record = {
    messageId: '1',
    receiptHandle: '1',
    body: JSON.stringify({ isbn: '9780000000000', pages: 321 }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1700000000000',
      SenderId: '000000000000',
      ApproximateFirstReceiveTimestamp: '1700000000000',
    },
    messageAttributes: {},
    md5OfBody: '0',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:books',
    awsRegion: 'us-east-1',
  };
  const context = { getRemainingTimeInMillis: () => 30_000 };
  // Each handler knows its own types; here they are all given the same JSON, as Lambda gives it.
  const answer = JSON.stringify(await handler({ Records: [record] } as never, context as never));
  if (answer !== '{"batchItemFailures":[]}') throw new Error(`expected no failures, got ${answer}`);
  // Done, as Lambda sees it: what a library still keeps open is not waited for.
  process.exit(0);
}
