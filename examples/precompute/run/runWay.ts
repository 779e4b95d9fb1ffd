import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Way } from '../flags.js';
import type { TickerItem } from '../tickers.js';
import type { Deployed } from './deployFunctions.js';
import { execute } from './execute.js';
import { readMapOutput, readSqsOutput } from './readOutput.js';
import type { WayResult } from './result.js';
import type { Stage } from './startStage.js';

/** The execution's name in this run: job records are told apart by it. */
export const executionOf = (way: Way): string => `precompute-${way}`;

/** Sends the tickers one way, and reads from the execution what came of them. */
export async function runWay(
  way: Way,
  { sfn }: Stage,
  { machines, tokens }: Deployed,
  tickers: readonly TickerItem[],
): Promise<WayResult> {
  let lastAt = 0;
  // fanfold tells of each record that it is done with, before its outcome is settled.
  const onRecord = () => {
    lastAt = Date.now();
  };
  subscribe('fanfold:record', onRecord);
  const tokensBefore = tokens.size;
  try {
    const ended = await execute(sfn, machines[way], executionOf(way), tickers);
    const { status, startedAt, endedAt, output, events } = ended;
    const tasksDone = events.filter((type) => type === 'TaskSucceeded').length;
    return {
      status,
      ...(way === 'map' ? readMapOutput(output) : readSqsOutput(output, tickers)),
      elapsedMs: endedAt - startedAt,
      settledToEndedMs: Math.max(0, endedAt - lastAt),
      historyEvents: events.length,
      taskTokens: tokens.size - tokensBefore,
      completions: way === 'map' ? 0 : tasksDone,
    };
  } finally {
    unsubscribe('fanfold:record', onRecord);
  }
}
