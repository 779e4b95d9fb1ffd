import type { Flags, Way } from '../flags.js';
import { listTickers, type TickerItem } from '../tickers.js';
import { brokenPromises, type Evidence } from './brokenPromises.js';
import { createDatabase } from './createDatabase.js';
import { createQuotesApi, type QuotesApi } from './createQuotesApi.js';
import { crowdDatabase } from './crowdDatabase.js';
import { deployFunctions } from './deployFunctions.js';
import { execute } from './execute.js';
import { replayFinished } from './replayFinished.js';
import type { RefusedMap, Result } from './result.js';
import { executionOf, runWay } from './runWay.js';
import { type Stage, startStage } from './startStage.js';

/** What the database takes, and the semaphore allows. */
const MAX_CONNECTIONS = 30;
/** Seven events an item: 25,000 of them are full before this many are through. */
const MORE_THAN_HISTORY = 3_600;
const THROTTLED_TICKERS = 3;

const symbols = (items: readonly TickerItem[]) => new Set(items.map(({ ticker }) => ticker));

/** A Map of as many tickers, which AWS and the local engine end alike. It calls a worker that does nothing. */
async function refuseMap(
  { local, sfn }: Stage,
  machine: string,
  tickers: readonly TickerItem[],
): Promise<RefusedMap> {
  local.lambda.register('worker', ({ ticker }: TickerItem) => ({ ticker, status: 'success' }));
  const { status, events, reason } = await execute(sfn, machine, 'precompute-too-many', tickers);
  return { status, historyEvents: events.length, cause: reason };
}

function mostRequests(api: QuotesApi, tickers: ReadonlySet<string>, ways: number): number {
  return Math.max(0, ...[...tickers].map((ticker) => api.requests(ticker))) / ways;
}

async function runOn(stage: Stage, flags: Flags): Promise<Evidence> {
  const { items, fail, latencyMs, via } = flags;
  const tickers = listTickers(items);
  const refuses = symbols(tickers.slice(items - fail));
  const throttles = symbols(tickers.slice(0, Math.min(THROTTLED_TICKERS, items - fail)));
  const api = createQuotesApi({ latencyMs, throttles, refuses });
  const database = createDatabase({ maxConnections: MAX_CONNECTIONS, latencyMs });
  const deployed = await deployFunctions(stage, api, database, MAX_CONNECTIONS);

  const asked: readonly Way[] = via === 'both' ? ['map', 'sqs'] : [via];
  const ways: Partial<Record<Way, Awaited<ReturnType<typeof runWay>>>> = {};
  for (const way of asked) ways[way] = await runWay(way, stage, deployed, tickers);
  const { peakInFlight: peakWorkers } = stage.local.lambda.metrics('worker');
  const mostRequestsThrottled = mostRequests(api, throttles, asked.length);
  const mostRequestsRefused = mostRequests(api, refuses, asked.length);

  const all = { replayed: 0, resetFinishedJobs: 0, incompleteJobs: 0 };
  for (const way of asked) {
    const replay = await replayFinished(stage, deployed, executionOf(way), tickers);
    all.replayed += replay.replayed;
    all.resetFinishedJobs += replay.resetFinishedJobs;
    all.incompleteJobs += replay.incompleteJobs;
  }
  const withoutSemaphore = await crowdDatabase(stage, MAX_CONNECTIONS);
  const refusedMap =
    items > MORE_THAN_HISTORY ? await refuseMap(stage, deployed.machines.map, tickers) : undefined;

  const results = Object.values(ways);
  return {
    tickers: items,
    succeeded: Math.min(...results.map(({ succeeded }) => succeeded)),
    failed: Math.max(...results.map(({ failed }) => failed)),
    failures: results[0]?.failures ?? [],
    ways,
    ...(refusedMap === undefined ? {} : { refusedMap }),
    ...all,
    connectionErrors: {
      ...{ limit: MAX_CONNECTIONS, withoutSemaphore, withSemaphore: database.refused },
      ...{ peakConnections: database.peak, peakWorkers },
    },
    api: { throttled: api.throttled, refused: api.refused, mostRequestsThrottled, mostRequestsRefused },
  };
}

/** Puts up the stage, sends the tickers every way that was asked for, and takes everything down again. */
export async function runPrecompute(flags: Flags): Promise<Result> {
  const stage = await startStage(flags.items);
  try {
    const evidence = await runOn(stage, flags);
    return { ...evidence, broken: brokenPromises(evidence, flags) };
  } finally {
    await stage.stop();
  }
}
