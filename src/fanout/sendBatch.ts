import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { loadSQS } from '../peers.js';
import type { Entry } from './message.js';

/** What SQS said of one entry. */
export type Answer =
  | { readonly ok: true; readonly messageId: string | undefined; readonly sequenceNumber: string | undefined }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly senderFault: boolean;
    };

/** Sends up to ten entries in one request and resolves with an answer for each, in their order. */
export type SendBatch = (entries: readonly Entry[], signal: AbortSignal) => Promise<Answer[]>;

const unmentioned: Answer = {
  ok: false,
  code: 'InternalError',
  message: 'the reply of SQS does not mention this entry',
  senderFault: false,
};

/** A sender for one queue. Batch ids are positions; what a reply says of other ids is nothing that was asked. */
export async function createSendBatch(client: SQSClient, queueUrl: string): Promise<SendBatch> {
  const { SendMessageBatchCommand } = await loadSQS();
  return async (entries, abortSignal) => {
    const Entries = entries.map(
      ({ fields }, position): SendMessageBatchRequestEntry => ({ Id: String(position), ...fields }),
    );
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    const reply = await client.send(command, { abortSignal });
    const answers = new Map<string | undefined, Answer>();
    for (const { Id, Code = 'InternalError', Message = Code, SenderFault = false } of reply?.Failed ?? []) {
      answers.set(Id, { ok: false, code: Code, message: Message, senderFault: SenderFault });
    }
    for (const { Id, MessageId, SequenceNumber } of reply?.Successful ?? []) {
      answers.set(Id, { ok: true, messageId: MessageId, sequenceNumber: SequenceNumber });
    }
    return entries.map((_, position) => answers.get(String(position)) ?? unmentioned);
  };
}
