import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaHandler, SqsBatchResponse, SqsRecord } from 'fanfold';

export interface RetrySoonParts {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** How long a failed record waits before it is received again, in seconds. */
  readonly delaySeconds: number;
  /** That of the queue's redrive policy: what has no receive left need not wait for the dead-letter queue. */
  readonly maxReceiveCount: number;
}

/**
 * Lets failed records come back after `delaySeconds` instead of after the queue's visibility timeout, which has to be
 * much longer than an invocation. It only saves waiting: where it fails or the process dies, the timeout ends it as
 * ever. IAM: `sqs:ChangeMessageVisibility` on the queue.
 */
export function retrySoon(
  handler: LambdaHandler,
  { sqs, queueUrl, delaySeconds, maxReceiveCount }: RetrySoonParts,
): LambdaHandler {
  return async (event, context) => {
    const answer = (await handler(event, context)) as SqsBatchResponse;
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const { Records } = event as { Records: readonly SqsRecord[] };
    const entries = Records.filter(({ messageId }) => failed.has(messageId)).map(
      ({ receiptHandle, attributes: { ApproximateReceiveCount } }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Number(ApproximateReceiveCount) < maxReceiveCount ? delaySeconds : 0,
      }),
    );
    if (entries.length > 0) {
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: entries });
      await sqs.send(command).catch(() => {});
    }
    return answer;
  };
}
