import type { Result } from './result.js';

/** What a person wants to know of a run. */
export function summary(result: Result): string {
  const { builders, pausedBuilder, executions, stuck, orphans, corrupt, faults } = result;
  const isChaos = faults.lost + faults.notArrived + faults.throttled + faults.twice > 0;
  return `${[
    `ndjson: ${result.files} files, ${result.bytes} bytes, ${result.notifications} notifications`,
    `  manifests     ${result.manifests}, at most ${result.mostFiles} files and ${result.mostBytes} bytes each`,
    `  files         ${result.filesInOneManifest} in one manifest, ${result.filesInTwo} in two, ${result.filesInNone} in none`,
    `  builders      ${builders.atOnce} at once, ${builders.invocations} invocations; ${builders.died} died, ${builders.completed} manifests completed by another one`,
    `  paused        the list under token ${pausedBuilder.fencingToken} was ${pausedBuilder.refused ? 'refused' : 'PUBLISHED'}: slot ${pausedBuilder.slot} has token ${pausedBuilder.publishedToken}`,
    `  executions    ${executions.total}; ${executions.foundNotStarted} manifests were built and not started until the finisher found them`,
    ...result.warnings.map((line) => `  warning       ${line}`),
    `  orphans       ${orphans.beforeFlush} before the last manifest was flushed, ${orphans.atEnd} in the end`,
    `  stuck         ${stuck.found} found, ${stuck.reset} reset`,
    `  corrupt file  ${corrupt.failed} manifest failed after ${corrupt.runs} runs, ${corrupt.alerts} alert; mended and redriven: ${corrupt.redrive}`,
    ...(corrupt.reason === '' ? [] : [`                ${corrupt.reason}`]),
    `  rows          ${result.rowsIn} in, ${result.rowsOut} in ${result.parquetFiles} Parquet files`,
    ...(isChaos
      ? [
          `  chaos         ${faults.lost} replies lost, ${faults.notArrived} calls never arrived, ${faults.throttled} throttled, ${faults.twice} batches came twice`,
        ]
      : []),
    result.broken.length === 0 ? 'every promise held' : 'a promise was BROKEN',
  ].join('\n')}\n`;
}
