import { randomUUID } from 'node:crypto';
import {
  createWorker,
  type FanIn,
  type Jobs,
  type LambdaHandler,
  type QueueSinkOptions,
  type RetryPolicy,
} from 'fanfold';
import type { Limits } from './createLimits.js';
import type { PlaceTrade } from './placeTrade.js';
import { type Filled, tradeMessageSchema } from './trade.js';

export interface TradeWorkerParts {
  readonly fanIn: FanIn<Filled>;
  readonly jobs: Pick<Jobs<unknown, Filled>, 'run'>;
  readonly limits: Pick<Limits, 'slots'>;
  readonly placeTrade: PlaceTrade;
  /** An `SQSClient`. */
  readonly sqs: QueueSinkOptions['client'];
  readonly queueUrl: string;
  /** That of the queue's redrive policy. */
  readonly maxReceiveCount: number;
  /** How a broker that does not answer is asked again, within one call. */
  readonly backoff: RetryPolicy;
}

/** How long a trade waits for a slot before it is postponed, which costs none of its receives. */
const SLOT_WAIT_MS = 10_000;

/** Names a trade in the records of its run. */
export const tradeJobOf = (runId: string, tradeId: string): string => `trade/${runId}/${tradeId}`;

/**
 * The Lambda behind the trades queue, standard or FIFO. A trade is worked on while it holds one of its account's slots,
 * and its job: a trade that comes twice is placed once, and the second delivery gets the first one's result.
 * IAM: the `dynamodb:` actions, `sqs:SendMessage` on this queue (postponing; FIFO: `sqs:ChangeMessageVisibility`) and on
 * the phases queue, `events:PutEvents`, the receiving actions.
 */
export function createTradeWorker(parts: TradeWorkerParts): LambdaHandler {
  const { fanIn, jobs, limits, placeTrade, sqs, queueUrl, maxReceiveCount, backoff } = parts;
  return createWorker({
    input: tradeMessageSchema,
    fanIn,
    jobs: { jobs, id: ({ run, trade }) => tradeJobOf(run.run_id, trade.trade_id) },
    // Of this delivery and not of the trade: a copy that comes at the same time would else take the slot over, find the
    // job busy, and give back the slot that the first one is still working in.
    semaphore: ({ run, trade }) => ({
      semaphore: limits.slots(run.account_id),
      holder: `${trade.trade_id}/${randomUUID()}`,
      waitMs: SLOT_WAIT_MS,
    }),
    queue: { client: sqs, queueUrl },
    maxReceiveCount,
    retry: backoff,
    process: (message, { signal }) => placeTrade(message, signal),
  });
}
