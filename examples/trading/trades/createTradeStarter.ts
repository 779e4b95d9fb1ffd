import { createHash } from 'node:crypto';
import {
  type ClaimCheck,
  createWorker,
  FanfoldError,
  type Jobs,
  type LambdaHandler,
  NonRetryableError,
} from 'fanfold';
import type { PublishPhase } from './publishPhase.js';
import { keepTrades } from './storedTrades.js';
import { type TradeRun, tradeRunSchema } from './trade.js';

export interface TradeStarterParts {
  readonly jobs: Pick<Jobs<{ readonly digest: string }>, 'create'>;
  readonly store: ClaimCheck;
  readonly publishPhase: PublishPhase;
}

/** A run keeps its trades for ever: those of a second one under the same id would be counted as the first one's. */
async function expectSameRun({ jobs }: TradeStarterParts, run: TradeRun): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify(run)).digest('hex');
  const { job } = await jobs.create(`run/${run.run_id}`, { input: { digest } });
  if (job.input.digest === digest) return;
  throw new NonRetryableError(`run_id: ${JSON.stringify(run.run_id)} was started with other trades`, {
    code: 'RunChanged',
  });
}

/**
 * The Lambda that starts a run: stores the BUYs, and publishes the SELLs. Called again, it goes on where it was. IAM:
 * the `dynamodb:` actions, `s3:PutObject`, `sqs:SendMessage` on the trades and the phases queue.
 */
export function createTradeStarter(parts: TradeStarterParts): LambdaHandler {
  const { store, publishPhase } = parts;
  return createWorker({
    input: tradeRunSchema,
    directFailure: 'throw',
    async process(run, { remainingMs }) {
      await expectSameRun(parts, run);
      const { trades, ...facts } = run;
      // Before the first SELL is out: once it is, the last one can be settled at any time.
      const { sells } = await keepTrades(store, run.run_id, trades);
      const { status, counts } = await publishPhase(facts, 'sells', sells, remainingMs);
      if (status === 'published') return { run_id: run.run_id, status, published: counts.published };
      throw new FanfoldError('Paused', `${run.run_id}: too near the deadline; call it again`, {
        retryable: true,
      });
    },
  });
}
