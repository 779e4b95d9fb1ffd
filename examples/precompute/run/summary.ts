import type { Result } from './result.js';

const SHOWN_FAILURES = 10;

/** What a person wants to know of a run. */
export function summary(result: Result): string {
  const { tickers, succeeded, failed, failures, ways, refusedMap, connectionErrors, api } = result;
  const shown = failures.slice(0, SHOWN_FAILURES).map(({ error }) => `    ${error}`);
  const hidden = failed - shown.length;
  const lines = Object.entries(ways).flatMap(([name, way]) => [
    `  ${name.padEnd(14)}${way.status}, ${way.succeeded} succeeded, ${way.failed} failed; its output says "${way.verdict}"`,
    `                ${way.elapsedMs} ms; last ticker to end of execution ${way.settledToEndedMs} ms; ${way.historyEvents} events of history`,
    ...(name === 'sqs'
      ? [`                ${way.taskTokens} task token, ${way.completions} completion`]
      : []),
  ]);
  const { limit, withoutSemaphore, withSemaphore, peakWorkers, peakConnections } = connectionErrors;
  return `${[
    `precompute: ${tickers} tickers`,
    `  succeeded     ${succeeded}`,
    `  failed        ${failed}`,
    ...shown,
    ...(hidden > 0 ? [`    … and ${hidden} more`] : []),
    ...lines,
    ...(refusedMap
      ? [
          `  a Map of them ${refusedMap.status} at ${refusedMap.historyEvents} events of history: ${refusedMap.cause}`,
        ]
      : []),
    `  replay        ${result.replayed} finished tickers delivered again, ${result.resetFinishedJobs} reset`,
    `  connections   ${limit}: ${withoutSemaphore} errors 1040 without a semaphore, ${withSemaphore} with one (${peakWorkers} invocations at once, ${peakConnections} connections)`,
    `  API           429 ${api.throttled} times, and asked again; 401 ${api.refused} times, and not asked again`,
    result.broken.length === 0 ? 'every promise held' : 'a promise was BROKEN',
  ].join('\n')}\n`;
}
