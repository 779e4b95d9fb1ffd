import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type OutgoingMessage, type PublishResult, publishMessages } from '../../src/fanout/index.js';

const target = { client: new SQSClient({}), queueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/q' };
interface Book {
  readonly isbn: string;
}
const book: Book = { isbn: '0439785960' };

const result: PublishResult = await publishMessages(target, [
  { body: book },
  { body: 'text', attributes: { n: 5 } },
]);
const failures: readonly {
  index: number;
  code: string;
  message: string;
  senderFault: boolean;
  attempts: number;
}[] = result.failures;
void failures;

const message: OutgoingMessage = { body: 'b', groupId: undefined };
void message;

// @ts-expect-error a message has a body
await publishMessages(target, [{ attributes: {} }]);
// @ts-expect-error undefined is no JSON
await publishMessages(target, [{ body: undefined }]);
// @ts-expect-error a BigInt is no JSON
await publishMessages(target, [{ body: 1n }]);
// @ts-expect-error SQS has no boolean attributes
await publishMessages(target, [{ body: 'b', attributes: { a: true } }]);
// @ts-expect-error a client comes first
await publishMessages({ queueUrl: 'q' }, []);
// @ts-expect-error a command is no client
await publishMessages({ client: SendMessageBatchCommand, queueUrl: 'q' }, []);
// @ts-expect-error retries have no function of their own
await publishMessages(target, [], { retry: () => 5 });
