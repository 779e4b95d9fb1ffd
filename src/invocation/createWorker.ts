import { watchDeadline } from './deadlineWatch.js';
import { detectInvocation } from './detectInvocation.js';
import { handleDirect } from './handleDirect.js';
import { handleSqsBatch } from './handleSqsBatch.js';
import type { StandardSchema } from './standardSchema.js';
import { toWorker } from './toWorker.js';
import type { LambdaHandler, WorkerOptions } from './workerOptions.js';

/**
 * Makes one Lambda handler for every way in which an item can arrive: SQS records, a direct or Step Functions call with
 * one item or many, and, with the whole event as its one input, anything else that Lambda is invoked with.
 *
 * **SQS** needs `FunctionResponseTypes: [ReportBatchItemFailures]` on the event source mapping: without it Lambda takes
 * every answer for a success and **deletes the failed records**. The answer is `{ batchItemFailures }`. Records run
 * `concurrency` at a time; those of a `.fifo` queue serially within their group, and after a failure the rest of the
 * group is reported too. A record is acknowledged only after its outcome is durable in the fan-in; outcomes that end
 * together are settled in one call. Near the Lambda deadline nothing new starts, and what is unfinished is reported.
 * Each report costs a record one of its receives; what was not even tried is postponed instead where `queue` is given:
 * a delayed copy is sent and the original acknowledged, `queue.maxPostponements` times at most (so keep the function's
 * timeout well above `deadlineMarginMs`). On FIFO queues the record's visibility is changed instead, which does cost a
 * receive. Not tried is also what found no slot of its `semaphore` within `waitMs`, or its job in progress elsewhere.
 *
 * **Direct** calls answer what `process` returned or `{ status: 'failed', error }`; with many inputs
 * `{ successes, failures, jobId? }`. `respond` shapes either. With `directFailure: 'throw'` a failed item throws, as
 * asynchronous invokes and Step Functions' Retry want it. Events of sources that read no answer (SNS, EventBridge,
 * schedules, S3, streams, Kafka) always throw, and so does an enveloped item that could not be settled.
 *
 * **Failures.** A failure is retryable unless the schema refused the input, the body is not JSON, or the error says
 * `retryable: false` (`NonRetryableError`); see `onPermanentFailure`. What cannot be read has no address to settle, so
 * that it is reported until the dead-letter queue has it.
 *
 * What happens is told on the diagnostics channels `fanfold:record` (a `RecordEvent` for each input worked on) and
 * `fanfold:batch` (a `BatchEvent` for each call), at no cost when nobody listens.
 *
 * Delivery is at least once: `process` can run more than once for an item. Nothing is kept on the handler between
 * calls, nothing is logged, and no payload or token is in any error.
 *
 * AWS calls: `sqs:SendMessage` or, on FIFO, `sqs:ChangeMessageVisibility`, only with `queue`; those of the fan-in's store.
 *
 * @throws FanfoldError `InvalidArgument` at once, for a bad option. The handler throws `MissingMessageId` when a record
 * without a message id failed, what one directly called item threw, or `ItemsFailed` (with the `answer`) for many.
 * @example
 * ```ts
 * export const handler = createWorker({
 *   input: z.object({ isbn: z.string() }),
 *   process: async ({ isbn }, { signal }) => fetchVolume(isbn, { signal }),
 *   retry: { intervalSeconds: 0.5, maxAttempts: 2, jitterStrategy: 'FULL' },
 *   fanIn,
 *   maxReceiveCount: 3,
 * });
 * ```
 */
export function createWorker<Schema extends StandardSchema, Result>(
  options: WorkerOptions<Schema, Result>,
): LambdaHandler {
  const worker = toWorker(options);
  return async (event, context) => {
    const watch = watchDeadline(context, worker.deadlineMarginMs);
    try {
      const invocation = detectInvocation(event);
      return invocation.mode === 'sqs'
        ? await handleSqsBatch(worker, invocation.records, watch)
        : await handleDirect(worker, invocation, event, watch);
    } finally {
      watch.stop();
    }
  };
}
