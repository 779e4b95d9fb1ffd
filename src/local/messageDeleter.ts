import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsRecord } from './sqsRecord.js';

const ENTRIES_PER_CALL = 10;
const CALLS_AT_ONCE = 4;
/** For how long a call that is not full waits for more. */
const LINGER_MS = 50;

/** Deletes what has been processed, ten a call: invocations that end together share their calls. */
export interface MessageDeleter {
  add(records: readonly SqsRecord[]): void;
}

/** A call that fails in spite of the SDK's retries is let go: its messages come back, as they do on AWS. */
export function createMessageDeleter(
  client: SQSClient,
  queueUrl: string,
  { DeleteMessageBatchCommand }: typeof import('@aws-sdk/client-sqs'),
): MessageDeleter {
  const waiting: SqsRecord[] = [];
  let calls = 0;
  let lingering: NodeJS.Timeout | undefined;

  function flush(least: number): void {
    while (waiting.length >= least && calls < CALLS_AT_ONCE) {
      const Entries = waiting
        .splice(0, ENTRIES_PER_CALL)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      calls += 1;
      client
        .send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
        .catch(() => {})
        .finally(() => {
          calls -= 1;
          flush(ENTRIES_PER_CALL);
          linger();
        });
    }
  }

  function linger(): void {
    if (waiting.length === 0 || lingering !== undefined) return;
    lingering = setTimeout(() => {
      lingering = undefined;
      flush(1);
    }, LINGER_MS);
  }

  return {
    add(records) {
      waiting.push(...records);
      flush(ENTRIES_PER_CALL);
      linger();
    },
  };
}
