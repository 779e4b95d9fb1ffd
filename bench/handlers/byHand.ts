import type { SQSEvent } from 'aws-lambda';
import { book, handleOnce, readPages } from './book.js';

await handleOnce(async ({ Records }: SQSEvent) => {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { body, messageId } of Records) {
    try {
      await readPages(book.parse(JSON.parse(body)));
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
});
