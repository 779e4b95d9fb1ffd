import { SQSClient } from '@aws-sdk/client-sqs';
import { lambdaContext, sqsEvent } from 'fanfold/testing';
import { describe, expect, it } from 'vitest';
import { retrySoon } from '../../../examples/books/handlers/retrySoon.js';

/** A client whose calls reach nobody; `fail` has them throw. */
function recordingClient({ fail = false } = {}) {
  const inputs: unknown[] = [];
  const sqs = new SQSClient({ region: 'us-east-1' });
  sqs.middlewareStack.add(
    () =>
      async ({ input }) => {
        inputs.push(input);
        if (fail) throw new Error('no route');
        return { output: { $metadata: {} }, response: {} };
      },
    { step: 'initialize', name: 'record' },
  );
  return { sqs, inputs };
}

/** A batch whose records have been received 1, 2 and 3 times, of which those at `failed` fail. */
async function deliver(sqs: SQSClient, failed: readonly number[]) {
  const event = sqsEvent([1, 2, 3].map((receiveCount) => ({ body: {}, receiveCount })));
  const batchItemFailures = failed.map((at) => ({ itemIdentifier: event.Records[at]?.messageId ?? '' }));
  const parts = { sqs, queueUrl: 'https://sqs/books', delaySeconds: 20, maxReceiveCount: 3 };
  const answer = await retrySoon(async () => ({ batchItemFailures }), parts)(event, lambdaContext());
  return { event, answer, batchItemFailures };
}

describe('retrySoon', () => {
  it('brings failed records back after its delay, and at once what has no receive left', async () => {
    const { sqs, inputs } = recordingClient();
    const { event, answer, batchItemFailures } = await deliver(sqs, [1, 2]);
    expect(answer).toEqual({ batchItemFailures });
    const handle = (at: number) => event.Records[at]?.receiptHandle;
    expect(inputs).toEqual([
      {
        QueueUrl: 'https://sqs/books',
        Entries: [
          { Id: '0', ReceiptHandle: handle(1), VisibilityTimeout: 20 },
          { Id: '1', ReceiptHandle: handle(2), VisibilityTimeout: 0 },
        ],
      },
    ]);
  });

  it('calls nobody when nothing failed', async () => {
    const { sqs, inputs } = recordingClient();
    await deliver(sqs, []);
    expect(inputs).toEqual([]);
  });

  it('leaves the answer as it is when the call fails: the visibility timeout ends it as ever', async () => {
    const { sqs } = recordingClient({ fail: true });
    const { answer, batchItemFailures } = await deliver(sqs, [0]);
    expect(answer).toEqual({ batchItemFailures });
  });
});
