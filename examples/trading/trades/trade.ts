import { z } from 'zod';

const id = z.string().min(1).max(100);
const cents = z.int().min(0);

export const tradeSchema = z.object({
  trade_id: id,
  symbol: z.string().min(1).max(20),
  side: z.enum(['BUY', 'SELL']),
  amount_cents: z.int().min(1),
});

export type Trade = z.infer<typeof tradeSchema>;

/** What all trades of a run share. */
export const runFactsSchema = z.object({
  ...{ run_id: id, correlation_id: id, account_id: id },
  /** What may be bought in the run, all in all. */
  equity_limit_cents: cents,
  /** What may fail to be sold before nothing is bought. */
  failed_sell_limit_cents: cents,
});

export type RunFacts = z.infer<typeof runFactsSchema>;

export const tradeRunSchema = z
  .object({ ...runFactsSchema.shape, trades: z.array(tradeSchema).max(10_000) })
  .refine(({ trades }) => new Set(trades.map(({ trade_id }) => trade_id)).size === trades.length, {
    path: ['trades'],
    error: 'expected each trade_id once',
  });

/** What the starter takes. */
export type TradeRun = z.infer<typeof tradeRunSchema>;

/** One message of the trades queue. */
export const tradeMessageSchema = z.object({ run: runFactsSchema, trade: tradeSchema });
export type TradeMessage = z.infer<typeof tradeMessageSchema>;

/** What became of a trade that was filled. */
export interface Filled {
  readonly trade_id: string;
  readonly filled_cents: number;
}

/** The two phases of a run: nothing is bought before everything is sold, or known not to be. */
export type Phase = 'sells' | 'buys';

/** The fan-in of a phase. */
export const fanInOf = ({ run_id }: Pick<RunFacts, 'run_id'>, phase: Phase): string =>
  `trades/${run_id}/${phase}`;

/** What travels with the fan-in of a phase. */
export const phaseMetadataSchema = z.object({ phase: z.enum(['sells', 'buys']), run: runFactsSchema });
export type PhaseMetadata = z.infer<typeof phaseMetadataSchema>;
