import {
  createWorker,
  FanfoldError,
  type FanIn,
  type Jobs,
  type LambdaHandler,
  NonRetryableError,
} from 'fanfold';
import { tradeJobOf } from './createTradeWorker.js';
import { type Filled, tradeMessageSchema } from './trade.js';

export interface TradeFailedParts {
  readonly fanIn: FanIn<Filled>;
  readonly jobs: Pick<Jobs<unknown, Filled>, 'claim'>;
}

/**
 * The Lambda behind the trades' dead-letter queue. It does not only settle: a copy of the message may still be on its way,
 * and would be placed after everybody was told that the trade has failed. So it fails the trade's job first, for good;
 * and where the job has succeeded, the trade has. What was reserved for a BUY stays reserved: whether the broker has placed
 * it, nobody knows. IAM: the `dynamodb:` actions, `sqs:SendMessage` on the phases queue, the receiving actions.
 */
export function createTradeFailed({ fanIn, jobs }: TradeFailedParts): LambdaHandler {
  return createWorker({
    input: tradeMessageSchema,
    fanIn,
    async process({ run, trade }, { fanIn: address }) {
      const claim = await jobs.claim(tradeJobOf(run.run_id, trade.trade_id), { retryFailed: true });
      if (claim.status === 'busy') {
        throw new FanfoldError('TradeUnderWay', `${trade.trade_id} is under way`, { retryable: true });
      }
      if (claim.status === 'finished') {
        if (claim.state === 'succeeded') return claim.result;
        const { message, code = 'TradeFailed' } = claim.error;
        throw new NonRetryableError(message, { code });
      }
      const kept = address && (await fanIn.readFailure(address.id, address.index));
      const reason = kept?.message ?? 'received as often as its queue allows, without success';
      const failure = new NonRetryableError(`${trade.trade_id}: ${reason}`, { code: 'DeadLettered' });
      await claim.fail(failure);
      throw failure;
    },
  });
}
