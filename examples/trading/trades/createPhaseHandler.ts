import {
  type ClaimCheck,
  createWorker,
  FanfoldError,
  type FanIn,
  type Jobs,
  type LambdaHandler,
  type WorkerQueue,
} from 'fanfold';
import { z } from 'zod';
import type { Conclude } from '../events/createConclude.js';
import { completeTrades } from './completeTrades.js';
import type { Limits } from './createLimits.js';
import type { PublishPhase } from './publishPhase.js';
import { readTrades } from './storedTrades.js';
import { type Filled, fanInOf, phaseMetadataSchema, type RunFacts } from './trade.js';

/** A fan-in's summary, by the phases queue. */
const summarySchema = z.object({ id: z.string(), deliveryId: z.string(), metadata: phaseMetadataSchema });

/** Whether the BUYs may go, decided once. */
export interface Gate {
  readonly failed_sell_cents: number;
  readonly buys_blocked: boolean;
}

export interface PhaseHandlerParts {
  readonly fanIn: FanIn<Filled>;
  readonly jobs: Pick<Jobs<unknown, Gate>, 'run'>;
  readonly store: ClaimCheck;
  readonly limits: Pick<Limits, 'failedSells'>;
  readonly publishPhase: PublishPhase;
  readonly conclude: Conclude;
  /** The phases queue itself: a copy of what is under way is postponed. */
  readonly queue: WorkerQueue;
}

/** Names a run in the records of its conclusion. */
export const runWorkflowOf = (runId: string): string => `trades/${runId}`;

const paused = (runId: string) =>
  new FanfoldError('Paused', `${runId}: the deadline is near; the next receive goes on`, { retryable: true });

/**
 * The Lambda behind the phases queue, told when the last trade of a phase is settled: after the SELLs it publishes the
 * BUYs, unless too much could not be sold; after the BUYs, or instead of them, it ends the run with its one event. Told
 * twice, it does no more: the gate's decision, the BUYs' fan-in and the conclusion are recorded. IAM: the `dynamodb:`
 * actions, `s3:GetObject`, `sqs:SendMessage` on the trades and the phases queue, `events:PutEvents`, the receiving actions.
 */
export function createPhaseHandler(parts: PhaseHandlerParts): LambdaHandler {
  const { fanIn, jobs, store, limits, publishPhase, conclude, queue } = parts;

  /** Adds what the workers could not: SELLs that ended as dead letters, or at the deadline. A trade counts once. */
  async function addFailedSells(run: RunFacts): Promise<number> {
    const { sells } = await readTrades(store, run.run_id);
    const breaker = limits.failedSells(run);
    for await (const index of fanIn.indices(fanInOf(run, 'sells'), ['failed', 'timedOut', 'cancelled'])) {
      const trade = sells[index];
      if (trade !== undefined) await breaker.record(trade.trade_id, trade.amount_cents);
    }
    return breaker.total();
  }

  const decideGate = (run: RunFacts) =>
    jobs.run(
      `gate/${run.run_id}`,
      async (): Promise<Gate> => {
        const failed_sell_cents = await addFailedSells(run);
        return { failed_sell_cents, buys_blocked: failed_sell_cents > run.failed_sell_limit_cents };
      },
      { retryFailed: true },
    );

  async function boughtCents(run: RunFacts): Promise<number> {
    let sum = 0;
    for await (const { outcome } of fanIn.results(fanInOf(run, 'buys')))
      if (outcome.status === 'succeeded') sum += outcome.value.filled_cents;
    return sum;
  }

  return createWorker({
    input: summarySchema,
    queue,
    async process({ metadata: { phase, run } }, { remainingMs }) {
      const gate = await decideGate(run);
      if (phase === 'sells' && !gate.buys_blocked) {
        const { buys } = await readTrades(store, run.run_id);
        const { status } = await publishPhase(run, 'buys', buys, remainingMs);
        if (status !== 'published') throw paused(run.run_id);
        return null;
      }
      await conclude(runWorkflowOf(run.run_id), async () => {
        const sells = await fanIn.status(fanInOf(run, 'sells'));
        if (phase === 'sells') return completeTrades({ run, gate, sells: sells?.counts, bought_cents: 0 });
        const buys = await fanIn.status(fanInOf(run, 'buys'));
        const bought_cents = await boughtCents(run);
        return completeTrades({ run, gate, sells: sells?.counts, buys: buys?.counts, bought_cents });
      });
      return null;
    },
  });
}
