import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaHandler, SqsBatchResponse } from 'fanfold';
import { lambdaContext } from 'fanfold/testing';
import { openEnvelope } from '../../src/envelope.js';
import { type SqsRecord, sqsRecord } from '../../src/local/sqsRecord.js';
import { limits } from '../limits.js';
import type { Underway, Work } from './report.js';

export interface Polling {
  readonly sqs: SQSClient;
  readonly queue: { readonly url: string; readonly arn: string };
  readonly work: Work;
  readonly underway: Underway;
  readonly handler: LambdaHandler;
}

const indexOf = ({ body }: SqsRecord): number => openEnvelope(JSON.parse(body)).fanIn?.index ?? -1;

/** Does what an event source mapping does, for ever: receives a batch, invokes the handler, deletes what was not reported. */
export async function pollQueue({ sqs, queue, work, underway, handler }: Polling): Promise<never> {
  const receive = {
    QueueUrl: queue.url,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: ['All' as const],
  };
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
    const records = Messages.flatMap((message) => sqsRecord(message, queue.arn) ?? []);
    if (records.length === 0) continue;
    await underway(work, records.map(indexOf), async () => {
      const context = lambdaContext({ timeoutMs: limits.invocationMs });
      const { batchItemFailures } = (await handler({ Records: records }, context)) as SqsBatchResponse;
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const Entries = records
        .filter(({ messageId }) => !failed.has(messageId))
        .map(({ receiptHandle }, n) => ({ Id: String(n), ReceiptHandle: receiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    });
  }
}
