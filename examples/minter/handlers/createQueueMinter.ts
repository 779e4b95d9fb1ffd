import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  createWorker,
  detectInvocation,
  type LambdaHandler,
  type ProcessContext,
  publishMessages,
  type SqsBatchResponse,
} from 'fanfold';
import type { Mint, Minted } from '../createMint.js';
import { InvalidRequestError, type MintMessage, mintMessageSchema } from '../mintRequest.js';
import { correlationId, type Log, type MinterContext, metricsOf } from './logLine.js';

export interface QueueMinterParts {
  readonly mint: Mint;
  readonly log: Log;
  readonly sqs: SQSClient;
  /** The downstream queue, a standard one, which gets each result. */
  readonly resultsQueueUrl: string;
}

/** A result as it goes downstream. */
export type MintedMessage = Minted & Pick<MintMessage, 'jobId'>;

/** How much of the invocation is left for sending the results. */
const SENDING_MS = 1_000;

/**
 * The Lambda behind a standard queue, `{ sourceIdentifier, jobId? }` a message: mints the whole batch, sends the results
 * on in as few calls as they fit in, and acknowledges what was sent. A message can come twice, and its result then goes
 * downstream twice, with the same id. IAM: `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:GetQueueAttributes` on its
 * queue, `sqs:SendMessage` on the downstream one, and the registry's `dynamodb:GetItem` and `dynamodb:PutItem`.
 */
export function createQueueMinter({ mint, log, sqs, resultsQueueUrl }: QueueMinterParts): LambdaHandler {
  return async (event, context?: MinterContext) => {
    const startedAt = performance.now();
    const minted: { readonly messageId: string; readonly body: MintedMessage }[] = [];
    const worker = createWorker({
      input: mintMessageSchema,
      async process({ sourceIdentifier, jobId }: MintMessage, { messageId = '', signal }: ProcessContext) {
        const body = { ...(await mint(sourceIdentifier, signal)), ...(jobId === undefined ? {} : { jobId }) };
        minted.push({ messageId, body });
      },
      deadlineMarginMs: SENDING_MS,
    });
    const invocation = detectInvocation(event);
    if (invocation.mode !== 'sqs') throw new InvalidRequestError('event: expected SQS records');
    const { batchItemFailures } = (await worker(event, context)) as SqsBatchResponse;
    const reported = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    // What was given up at the deadline may still end, and comes again: it is not sent now.
    const results = minted.filter(({ messageId }) => !reported.has(messageId));
    const { failures } = await publishMessages({ client: sqs, queueUrl: resultsQueueUrl }, results, {
      deadline: {
        remainingMs: () => context?.getRemainingTimeInMillis?.() ?? Infinity,
        marginMs: SENDING_MS / 4,
      },
    });
    for (const { index } of failures) {
      const unsent = results[index];
      if (unsent) reported.add(unsent.messageId);
    }
    log({
      level: reported.size === 0 ? 'INFO' : 'ERROR',
      message: failures.length === 0 ? 'minted' : `minted, and not all sent: ${failures[0]?.code}`,
      ...{ interface: 'sqs', correlation_id: correlationId(context) },
      ...metricsOf(startedAt, invocation.records.length, reported.size),
    });
    return { batchItemFailures: Array.from(reported, (itemIdentifier) => ({ itemIdentifier })) };
  };
}
