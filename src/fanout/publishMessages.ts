import { setMaxListeners } from 'node:events';
import { expectFields, expectFunction, expectSignal, integer, invalidArgument } from '../arguments.js';
import { type AwsClient, expectClient } from '../peers.js';
import { atDeadline, type Deadline, expectDeadline, msLeft } from './deadline.js';
import { createDelivery } from './delivery.js';
import { createFeed } from './feed.js';
import { createLedger, type PublishCallbacks, type PublishCounts, type PublishFailure } from './ledger.js';
import type { OutgoingMessage } from './message.js';
import { announcePublish, countCodes } from './publishEvent.js';
import { expectRetry, type RetryPolicies } from './retry.js';
import { runLoops } from './runLoops.js';
import { SourceFailedError } from './SourceFailedError.js';
import { createSendBatch } from './sendBatch.js';
import { openSource } from './source.js';

/** SQS's limit for a message, and for a call as a whole, in bytes. */
const MAX_BYTES = 1_048_576;
const MAX_ENTRIES = 10;
const READ_AHEAD = 2 * MAX_ENTRIES;
const DEFAULT_RETRY: RetryPolicies = {
  intervalSeconds: 0.2,
  maxAttempts: 5,
  maxDelaySeconds: 5,
  jitterStrategy: 'FULL',
};

/** Where to publish to. */
export interface PublishTarget {
  /** An `SQSClient`. */
  readonly client: AwsClient;
  /** The URL of the queue; one that ends in `.fifo` is a FIFO queue. */
  readonly queueUrl: string;
}

/** What {@link publishMessages} takes beside the target and the messages. */
export interface PublishOptions extends PublishCallbacks {
  /** How many calls are under way at once; at most 20 × as many messages are read ahead. @default 16 */
  readonly concurrency?: number | undefined;
  /** The largest message that the queue takes, in bytes. @default 1_048_576 */
  readonly maxMessageBytes?: number | undefined;
  /** The largest call that SQS takes, in bytes. @default 1_048_576 */
  readonly maxBatchBytes?: number | undefined;
  /**
   * When to send a message again, beside what the client retries itself. The error's name is SQS's code.
   * @default five retries, up to 0.2 s, 0.4 s, 0.8 s, 1.6 s and 3.2 s apart, with full jitter
   */
  readonly retry?: RetryPolicies | undefined;
  /** Ends the publish at once: the calls under way are aborted, nothing more is read. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the publish in time: no further call begins; those under way get half of `marginMs`. @default none */
  readonly deadline?: Deadline | undefined;
  /**
   * Lets a call carry several messages of a FIFO group: up to ten times the throughput of a group, whose order is lost
   * where SQS refuses one of them and takes the next. @default false
   */
  readonly batchGroups?: boolean | undefined;
}

/** What {@link publishMessages} resolves with. */
export interface PublishResult {
  readonly counts: PublishCounts;
  /** Every message that was read and not published, by ascending index. */
  readonly failures: readonly PublishFailure[];
  /** How many requests we made, retries included; what the client retried by itself is not seen. */
  readonly calls: number;
}

/**
 * Publishes messages to an SQS queue in as few calls as the limits allow, and accounts for every one of them by index.
 * To fill a call, small messages may go before a large one that does not fit; never within a FIFO group.
 *
 * Delivery is at least once: after a lost reply a message is sent again; on a FIFO queue its deduplication id makes that
 * harmless. A message that is illegal or too long fails alone, up front. Sent again are only the entries that SQS blames
 * on itself or does not mention, and requests that were throttled or lost. When the queue refuses us altogether (no
 * access, no such queue), nothing more is sent and everything fails with that code. On a FIFO queue groups go in
 * parallel and a group keeps its order; after a message that fails for good the rest of its group is still sent.
 *
 * Each publish is told on the diagnostics channel `fanfold:publish` (a `PublishEvent`), at no cost when nobody listens.
 *
 * AWS calls: `SendMessageBatch` (IAM `sqs:SendMessage`; for an encrypted queue `kms:GenerateDataKey`, `kms:Decrypt`).
 *
 * @param messages an array, iterable or async iterable, read as it is published, so that memory stays flat. A call goes
 * when it is full, or when an asynchronous source has been silent for 100 ms.
 * @returns also after an abort or at the deadline: what was read and not confirmed has then failed as `Aborted`.
 * @throws FanfoldError `InvalidArgument`, `MissingPeer` before any call · `SourceFailed` (a {@link SourceFailedError})
 * when the source throws, after everything that was read is published or reported in its `result`.
 * @example
 * ```ts
 * const { failures } = await publishMessages({ client: new SQSClient(), queueUrl }, books.map((book) => ({ body: book })));
 * for (const { index, code } of failures) console.error(`book ${index} was not published: ${code}`);
 * ```
 */
export async function publishMessages(
  { client, queueUrl }: PublishTarget,
  messages: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
  options: PublishOptions = {},
): Promise<PublishResult> {
  const sqs = expectClient('client', client, 'SQS');
  if (typeof queueUrl !== 'string' || queueUrl.trim() === '') {
    throw invalidArgument('queueUrl', 'the URL of a queue', queueUrl);
  }
  const { concurrency = 16, maxMessageBytes = MAX_BYTES, maxBatchBytes = MAX_BYTES } = options;
  const { retry = DEFAULT_RETRY, signal, deadline, batchGroups = false } = options;
  expectFields(options, {
    concurrency: integer(1),
    maxMessageBytes: integer(1, MAX_BYTES),
    maxBatchBytes: integer(1, MAX_BYTES),
    retry: expectRetry,
    signal: expectSignal,
    deadline: expectDeadline,
    onProgress: expectFunction,
    onPublished: expectFunction,
  });
  const source = openSource('messages', messages);

  const startedAt = performance.now();
  const sendBatch = await createSendBatch(sqs, queueUrl);
  const stopping = new AbortController();
  const stopped = new AbortController();
  for (const controller of [stopping, stopped]) setMaxListeners(0, controller.signal); // one for each call
  const ledger = createLedger(options, (pending) => feed.release(pending));
  const feed = createFeed({
    source,
    ledger,
    isFifo: queueUrl.endsWith('.fifo'),
    maxMessageBytes: Math.min(maxMessageBytes, maxBatchBytes),
    maxBatchBytes,
    maxEntries: MAX_ENTRIES,
    batchGroups,
    readAhead: READ_AHEAD * concurrency,
    isStopping() {
      if (deadline !== undefined && msLeft(deadline) <= 0) stopSoon();
      return stopping.signal.aborted;
    },
  });
  const delivery = createDelivery({
    sendBatch,
    retry,
    ledger,
    stopping: stopping.signal,
    stopped: stopped.signal,
  });

  const stopSoon = (): void => {
    stopping.abort();
    source.close();
    feed.wake();
  };
  const stopNow = (): void => {
    stopSoon();
    stopped.abort();
  };

  const work = async (more: () => void): Promise<void> => {
    for (;;) {
      const call = await feed.take();
      if (call.length === 0) return;
      more();
      await delivery.deliver(call);
    }
  };

  const halted = new Promise((resolve) => {
    stopped.signal.addEventListener('abort', resolve, { once: true });
  });
  signal?.addEventListener('abort', stopNow, { once: true });
  const callOff = deadline && [
    atDeadline(deadline, stopSoon),
    atDeadline(deadline, stopNow, deadline.marginMs / 2),
  ];
  if (signal?.aborted) stopNow();
  await Promise.race([halted, runLoops(concurrency, work)]);
  signal?.removeEventListener('abort', stopNow);
  for (const off of callOff ?? []) off();

  ledger.abort();
  const result: PublishResult = {
    counts: ledger.counts(),
    failures: ledger.failures(),
    calls: delivery.calls(),
  };
  announcePublish(() => ({
    queueUrl,
    counts: result.counts,
    calls: result.calls,
    failures: countCodes(result.failures),
    durationMs: performance.now() - startedAt,
  }));
  const failure = source.failure();
  if (failure !== undefined) throw new SourceFailedError(failure.cause, result);
  return result;
}
