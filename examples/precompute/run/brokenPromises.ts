import type { Flags } from '../flags.js';
import { THROTTLED_TIMES } from './createQuotesApi.js';
import type { Result, WayResult } from './result.js';

export type Evidence = Omit<Result, 'broken'>;
type Promises = [held: boolean, broken: string][];

const MOST_SETTLED_TO_ENDED_MS = 1_000;
const MOST_EVENTS_UNDER_TOKEN = 20;

function ofWay(name: string, way: WayResult, { items, fail }: Flags): Promises {
  const { status, succeeded, failed, failures, verdict, settledToEndedMs, historyEvents } = way;
  const expected = fail === 0 ? 'all succeeded' : 'some failed';
  const good = items - fail;
  const promises: Promises = [
    [status === 'SUCCEEDED', `${name}: the execution succeeds: ${status}`],
    [succeeded === good, `${name}: ${good} tickers succeed: ${succeeded} did`],
    [failed === fail, `${name}: ${fail} tickers fail: ${failed} did`],
    [
      failures.every(({ ticker, error }) => ticker !== '' && error !== ''),
      `${name}: every failure says which and why`,
    ],
    [verdict === expected, `${name}: the execution's output says "${expected}": "${verdict}"`],
    [
      settledToEndedMs < MOST_SETTLED_TO_ENDED_MS,
      `${name}: ends within a second of its last ticker: ${settledToEndedMs} ms`,
    ],
  ];
  if (name !== 'sqs') return promises;
  return [
    ...promises,
    [way.taskTokens === 1, `sqs: one task token: ${way.taskTokens}`],
    [way.completions === 1, `sqs: one completion: ${way.completions}`],
    [
      historyEvents < MOST_EVENTS_UNDER_TOKEN,
      `sqs: fewer than ${MOST_EVENTS_UNDER_TOKEN} events of history: ${historyEvents}`,
    ],
  ];
}

/** Holds what happened against what was promised; answers one sentence for each promise that was broken. */
export function brokenPromises(evidence: Evidence, flags: Flags): string[] {
  const { ways, connectionErrors, api, resetFinishedJobs, incompleteJobs, refusedMap } = evidence;
  const { withoutSemaphore, withSemaphore } = connectionErrors;
  const promises: Promises = [
    ...Object.entries(ways).flatMap(([name, way]) => ofWay(name, way, flags)),
    [resetFinishedJobs === 0, `a replay resets no finished job: ${resetFinishedJobs} were reset`],
    [incompleteJobs === 0, `every job record is whole: ${incompleteJobs} are not`],
    [withoutSemaphore > 0, 'without a semaphore the database refuses connections: it refused none'],
    [withSemaphore === 0, `a semaphore keeps within the connections: ${withSemaphore} errors 1040`],
    [
      api.mostRequestsThrottled === 0 || api.mostRequestsThrottled === THROTTLED_TIMES + 1,
      `429 is asked again until it is a quote: ${api.mostRequestsThrottled} requests`,
    ],
    [api.mostRequestsRefused <= 1, `401 is not asked again: ${api.mostRequestsRefused} requests`],
    [
      refusedMap === undefined || (refusedMap.status === 'FAILED' && refusedMap.historyEvents >= 25_000),
      `a Map of as many tickers ends at 25,000 events: ${refusedMap?.status}, ${refusedMap?.historyEvents}`,
    ],
  ];
  return promises.filter(([held]) => !held).map(([, broken]) => broken);
}
