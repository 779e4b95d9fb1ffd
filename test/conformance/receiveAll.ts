import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { publishMessages } from 'fanfold';
import type { Place } from './place.js';

/**
 * Receives and deletes what a queue holds, in the order that it comes: until the mark, which is sent now, and as many
 * messages as are expected, have come too.
 */
export async function receiveAll({ sqs }: Place, queueUrl: string, atLeast = 0): Promise<Message[]> {
  const mark = randomUUID();
  const fifo = queueUrl.endsWith('.fifo') ? { groupId: mark, deduplicationId: mark } : {};
  await publishMessages({ client: sqs, queueUrl }, [{ body: mark, ...fifo }]);
  const messages: Message[] = [];
  let isMarked = false;
  while (!isMarked || messages.length < atLeast) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    for (const message of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
      if (message.Body === mark) isMarked = true;
      else messages.push(message);
    }
  }
  return messages;
}
