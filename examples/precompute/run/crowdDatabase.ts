import { memoryFanInStore, memoryJobStore, memorySemaphoreStore } from 'fanfold';
import { createFunctions } from '../deploy.js';
import { listTickers } from '../tickers.js';
import { createDatabase } from './createDatabase.js';
import type { Stage } from './startStage.js';

/** As many as the Map runs. */
const AT_ONCE = 46;
/** Long enough for all of them to want a connection at the same time. */
const QUERY_MS = 500;

/** How many connections the database refuses when 46 workers that share no semaphore come at once. */
export async function crowdDatabase({ sfn, sqs, queueUrl }: Stage, maxConnections: number): Promise<number> {
  const database = createDatabase({ maxConnections, latencyMs: QUERY_MS });
  const { worker } = createFunctions({
    stores: { jobs: memoryJobStore(), semaphores: memorySemaphoreStore(), fanIns: memoryFanInStore() },
    ...{ sqs, sfn, queueUrl, connectionLimit: undefined },
    fetchQuote: async (ticker) => ticker.length,
    saveQuote: database.saveQuote,
  });
  const source = 'crowd';
  await Promise.all(
    listTickers(AT_ONCE).map(({ ticker }) => worker({ ticker, execution_id: 'crowd', source })),
  );
  return database.refused;
}
