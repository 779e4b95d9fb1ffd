import type { ClaimCheck } from 'fanfold';
import { z } from 'zod';
import { type Trade, tradeSchema } from './trade.js';

const storedSchema = z.object({ sells: z.array(tradeSchema), buys: z.array(tradeSchema) });

/** The trades of a run, by phase, in an order that never changes: an index means the same trade for ever. */
export type StoredTrades = z.infer<typeof storedSchema>;

const keyOf = (runId: string): string => `runs/${encodeURIComponent(runId)}`;

/** Keeps the trades of a run, where its BUYs wait for their turn. */
export async function keepTrades(
  store: ClaimCheck,
  runId: string,
  trades: readonly Trade[],
): Promise<StoredTrades> {
  const sells = trades.filter(({ side }) => side === 'SELL');
  const stored = { sells, buys: trades.filter(({ side }) => side === 'BUY') };
  await store.put(keyOf(runId), JSON.stringify(stored));
  return stored;
}

export const readTrades = async (store: ClaimCheck, runId: string): Promise<StoredTrades> =>
  storedSchema.parse(JSON.parse(await store.get(keyOf(runId))));
