import { z } from 'zod';

/** A part of the whole in ten-thousandths: whole numbers, because parts of money must add up. */
export const WHOLE = 10_000;

const id = z.string().min(1).max(100);
const cents = z.int().min(0);

/** One strategy of a session. */
export const strategySchema = z.object({
  dsl_file: id,
  /** Its part of the capital, in ten-thousandths. */
  allocation: z.int().min(1).max(WHOLE),
});

/** What a session is started with. */
export const sessionSchema = z
  .object({
    correlation_id: id,
    causation_id: id,
    as_of: z.iso.datetime(),
    capital_cents: cents,
    strategies: z.array(strategySchema).min(1).max(100),
    /** How many strategies may fail without the session failing. */
    tolerated_failures: z.int().min(0),
  })
  .refine(({ strategies }) => strategies.reduce((sum, { allocation }) => sum + allocation, 0) <= WHOLE, {
    path: ['strategies'],
    error: `expected allocations that add up to at most ${WHOLE}`,
  })
  .refine(
    ({ strategies }) => new Set(strategies.map(({ dsl_file }) => dsl_file)).size === strategies.length,
    {
      path: ['strategies'],
      error: 'expected each dsl_file once',
    },
  );

export type Session = z.infer<typeof sessionSchema>;

/** What one strategy is asked for. */
export const taskSchema = z.object({
  ...{ correlation_id: id, causation_id: id, as_of: z.iso.datetime() },
  ...{ dsl_file: id, allocation: z.int().min(1).max(WHOLE), capital_cents: cents },
});

export type StrategyTask = z.infer<typeof taskSchema>;

export const resultSchema = z.object({
  dsl_file: id,
  allocation: z.int(),
  /** What to hold of each symbol, in cents. */
  consolidated_portfolio: z.object({ target_cents: z.record(z.string(), cents) }),
  signals_data: z.record(z.string(), z.unknown()),
  signal_count: z.int(),
  success: z.literal(true),
  data_freshness: z.object({ as_of: z.string(), oldest: z.string(), stale: z.boolean() }),
});

/** What a strategy answers with. */
export type StrategyResult = z.infer<typeof resultSchema>;

/** The tasks of a session, in its order. */
export const tasksOf = ({ strategies, ...session }: Session): StrategyTask[] =>
  strategies.map(({ dsl_file, allocation }) => {
    const { correlation_id, causation_id, as_of, capital_cents } = session;
    return { correlation_id, causation_id, as_of, capital_cents, dsl_file, allocation };
  });
