import { type FanIn, type FanOutToQueueResult, fanOutToQueue, type QueueSinkOptions } from 'fanfold';
import { type Filled, fanInOf, type Phase, type PhaseMetadata, type RunFacts, type Trade } from './trade.js';

/** Publishes the trades of a phase; called again, it goes on where it was. */
export type PublishPhase = (
  run: RunFacts,
  phase: Phase,
  trades: readonly Trade[],
  remainingMs: () => number,
) => Promise<FanOutToQueueResult>;

/** How much of the function's time is left for answering. */
const MARGIN_MS = 3_000;

export interface PublishPhaseParts {
  /** An `SQSClient`. */
  readonly sqs: QueueSinkOptions['client'];
  readonly queueUrl: string;
  readonly fanIn: FanIn<Filled>;
}

/** One message a trade. On a FIFO queue the trades of a symbol keep their order, and those of others run beside them. */
export function createPublishPhase({ sqs, queueUrl, fanIn }: PublishPhaseParts): PublishPhase {
  const isFifo = queueUrl.endsWith('.fifo');
  return (run, phase, trades, remainingMs) => {
    const metadata: PhaseMetadata = { phase, run };
    return fanOutToQueue({ client: sqs, queueUrl, fanIn }, fanInOf(run, phase), trades, {
      total: trades.length,
      metadata: { ...metadata },
      deadline: { remainingMs, marginMs: MARGIN_MS },
      toMessage: (trade) => ({
        body: { run, trade },
        ...(isFifo
          ? { groupId: trade.symbol, deduplicationId: `${run.run_id}/${trade.trade_id}`.slice(-128) }
          : {}),
      }),
    });
  };
}
