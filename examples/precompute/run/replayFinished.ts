import { jobIdOf } from '../handlers/messages.js';
import type { TickerItem } from '../tickers.js';
import type { Deployed } from './deployFunctions.js';
import type { Stage } from './startStage.js';

/** What a look at the job records has shown. */
export interface Replay {
  readonly replayed: number;
  readonly resetFinishedJobs: number;
  readonly incompleteJobs: number;
}

const MOST_REPLAYED = 46;
const source = 'step_functions_precompute';

/** Reads the records of an execution's tickers, and delivers finished ones again. */
export async function replayFinished(
  { local }: Stage,
  { jobs }: Deployed,
  execution_id: string,
  tickers: readonly TickerItem[],
): Promise<Replay> {
  let [replayed, resetFinishedJobs, incompleteJobs] = [0, 0, 0];
  for (const { ticker } of tickers) {
    const id = jobIdOf({ execution_id, ticker });
    const before = await jobs.get(id);
    const { input } = before ?? {};
    const isWhole =
      input?.ticker === ticker && input.execution_id === execution_id && input.source === source;
    if (!isWhole) incompleteJobs += 1;
    if (before?.state !== 'succeeded' || replayed === MOST_REPLAYED) continue;
    replayed += 1;
    await local.lambda.invoke('worker', { ticker, execution_id, source: 'replay' });
    const after = await jobs.get(id);
    if (JSON.stringify(after) !== JSON.stringify(before)) resetFinishedJobs += 1;
  }
  return { replayed, resetFinishedJobs, incompleteJobs };
}
