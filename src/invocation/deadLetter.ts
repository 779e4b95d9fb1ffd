import type { ErrorInfo, FanIn } from '../aggregation/index.js';
import { expectFunction, invalidArgument } from '../arguments.js';
import type { ItemAddress } from '../envelope.js';
import { runLanes } from '../runLanes.js';
import { createSettler, type Settle } from './createSettler.js';
import { detectInvocation } from './detectInvocation.js';
import { openRecord } from './openRecord.js';
import { toBatchResponse } from './toBatchResponse.js';
import type { LambdaHandler } from './workerOptions.js';

/** What `createDeadLetterHandler` takes. */
export interface DeadLetterOptions {
  /** The fan-in that the dead letters' items belong to. */
  readonly fanIn: Pick<FanIn<never>, 'settle' | 'readFailure'>;
}

const CONCURRENCY = 10;

const deadLettered: ErrorInfo = {
  name: 'DeadLettered',
  message: 'received as often as its queue allows, without success',
  code: 'DeadLettered',
  retryable: false,
};

async function settleDeadLetter(
  fanIn: DeadLetterOptions['fanIn'],
  settle: Settle<never>,
  address: ItemAddress,
): Promise<void> {
  const error = (await fanIn.readFailure(address.id, address.index)) ?? deadLettered;
  await settle(address, { status: 'failed', error });
}

/**
 * Makes the Lambda handler for a dead-letter queue: settles as failed what nobody could process, so that the fan-in
 * does not wait for it for ever. The reason is the one that the worker kept on the last receive (`maxReceiveCount` of
 * `createWorker`), else `DeadLettered`. A message is acknowledged once its outcome is durable, a duplicate, or of a
 * fan-in that is gone.
 *
 * A message that it cannot settle (without an envelope, unreadable, or refused by the fan-in) is reported, so that it
 * stays in the dead-letter queue until its retention ends or somebody looks: alarm on the age of the oldest message.
 * Needs `FunctionResponseTypes: [ReportBatchItemFailures]` on the event source mapping, or Lambda deletes it instead.
 *
 * Delivery is at least once; the first recorded outcome of an item is final. AWS calls: those of the fan-in's store.
 *
 * @throws FanfoldError `InvalidArgument` at once without a fan-in; the handler throws it for what is no SQS batch.
 * @example
 * ```ts
 * export const handler = createDeadLetterHandler({ fanIn });
 * ```
 */
export function createDeadLetterHandler({ fanIn }: DeadLetterOptions): LambdaHandler {
  expectFunction('fanIn.settle', fanIn?.settle);
  expectFunction('fanIn.readFailure', fanIn?.readFailure);
  return async (event) => {
    const invocation = detectInvocation(event);
    if (invocation.mode !== 'sqs') throw invalidArgument('event', 'records of an SQS queue', event);
    const { records } = invocation;
    const settle = createSettler(fanIn);
    const isDurable = new Set<unknown>();
    await runLanes(records, CONCURRENCY, async (record) => {
      const address = openRecord(record)?.fanIn;
      if (address === undefined) return;
      try {
        await settleDeadLetter(fanIn, settle, address);
        isDurable.add(record);
      } catch {
        // Stays in the dead-letter queue.
      }
    });
    return toBatchResponse(records.filter((record) => !isDurable.has(record)));
  };
}
