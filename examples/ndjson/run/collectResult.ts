import { fanOut } from 'fanfold';
import { fileId } from '../fileId.js';
import { parseManifestPath } from '../manifest.js';
import type { Building } from './buildAll.js';
import type { Converting } from './convertAll.js';
import type { Deployed } from './deployFunctions.js';
import { listExecutions } from './executions.js';
import { readBack } from './readBack.js';
import type { Result } from './result.js';
import type { SourceFile } from './sourceFile.js';
import type { Stage } from './startStage.js';

/** Holds the bucket and the records against what went in. */
export async function collectResult(
  stage: Stage,
  deployed: Deployed,
  run: {
    readonly sources: readonly SourceFile[];
    readonly notifications: number;
    readonly builders: number;
    readonly building: Building;
    readonly converting: Converting;
    readonly startedAt: number;
  },
): Promise<Omit<Result, 'broken'>> {
  const { records, stateMachineArn, warnings, pause } = deployed;
  const { sources, building, converting } = run;
  const { manifests, parquetFiles, parquetRows } = await readBack(stage.s3, stage.files);

  const listedIn = new Map<string, string[]>();
  for (const { path, keys } of manifests) {
    const { manifestId } = parseManifestPath(path);
    for (const key of keys) listedIn.set(key, [...(listedIn.get(key) ?? []), manifestId]);
  }
  const timesListed = sources.map(({ key }) => listedIn.get(key)?.length ?? 0);
  const readRecord = async ({ key }: SourceFile) => {
    const record = await records.files.get(fileId({ bucket: stage.files.bucket, key }));
    return record?.result?.manifest_id === listedIn.get(key)?.[0];
  };
  const { outcomes } = await fanOut(sources, readRecord);
  const sameRecords = outcomes.filter((outcome) => outcome.status === 'succeeded' && outcome.value);

  let completed = 0;
  for (const [index] of manifests.entries()) {
    const settlement = await records.settlements.get(String(index + 1));
    if ((settlement?.attempt ?? 0) > 1) completed += 1;
  }
  const executions = await listExecutions(stage.sfn, stateMachineArn);
  const again = new Set([
    ...converting.resetStuck,
    ...converting.failed.map(({ manifest_id }) => manifest_id),
  ]);
  const counts = new Map<string, number>();
  for (const { manifestId } of executions) {
    if (!again.has(manifestId)) counts.set(manifestId, (counts.get(manifestId) ?? 0) + 1);
  }
  const faults = stage.local.faults.counts;
  const paused = await pause.whenPaused;
  const slot = await records.slots.get(paused.slot);
  return {
    files: sources.length,
    bytes: sources.reduce((sum, { size }) => sum + size, 0),
    notifications: run.notifications,
    manifests: manifests.length,
    mostFiles: Math.max(0, ...manifests.map(({ keys }) => keys.length)),
    mostBytes: Math.max(0, ...manifests.filter(({ keys }) => keys.length > 1).map(({ bytes }) => bytes)),
    filesInOneManifest: timesListed.filter((times) => times === 1).length,
    filesInTwo: timesListed.filter((times) => times > 1).length,
    filesInNone: timesListed.filter((times) => times === 0).length,
    recordsThatDiffer: sources.length - sameRecords.length,
    builders: {
      atOnce: run.builders,
      invocations: building.invocations,
      died: building.died,
      completed,
    },
    pausedBuilder: {
      ...paused,
      publishedToken: slot?.result?.fencing_token ?? 0,
      refused: building.refused.includes(paused.fencingToken),
    },
    warnings,
    executions: {
      total: executions.length,
      mostOfOne: Math.max(0, ...counts.values()),
      foundNotStarted: converting.foundNotStarted.length,
    },
    orphans: { beforeFlush: building.orphans, atEnd: converting.orphans },
    stuck: { found: converting.stuck.length, reset: converting.resetStuck.length },
    corrupt: {
      failed: converting.failed.length,
      reason: converting.failed[0]?.error ?? '',
      runs: converting.runsOfFailed,
      alerts: converting.alerts,
      redrive: converting.redriven,
    },
    rowsIn: sources.reduce((sum, { rows }) => sum + rows, 0),
    rowsOut: parquetRows,
    parquetFiles,
    states: converting.stats,
    faults: {
      ...{ lost: faults.resetAfter, notArrived: faults.resetBefore },
      ...{ throttled: faults.throttle, twice: faults.duplicate },
    },
    elapsedMs: Date.now() - run.startedAt,
  };
}
