import { createFanIn, dynamoFanInStore } from 'fanfold';
import type { ApiProcess } from '../api/startApiProcess.js';
import type { CsvFacts } from '../csv/checkCsv.js';
import type { Dashboard } from '../dashboard/dashboard.js';
import type { Flags } from '../flags.js';
import { brokenPromises } from './brokenPromises.js';
import { chaosFaults } from './chaos.js';
import { costUsd } from './cost.js';
import { capacityOf } from './limits.js';
import type { Observer } from './observer.js';
import type { Result } from './result.js';
import { type Stage, TABLE_NAME } from './startStage.js';

export interface CollectParts {
  readonly flags: Flags;
  readonly facts: CsvFacts;
  readonly stage: Stage;
  readonly api: ApiProcess | undefined;
  readonly observer: Observer;
  readonly dashboard: Dashboard;
  readonly leftInQueues: number;
}

const digits = (value: number, count: number) => Math.round(value * 10 ** count) / 10 ** count;

/** The API's bad answers under names of their own, beside the faults of the wire. */
async function faultCounts(stage: Stage, api: ApiProcess | undefined): Promise<Record<string, number>> {
  const bad = await api?.faults();
  const ofApi = {
    apiNotFound: bad?.[404],
    apiThrottled: bad?.[429],
    apiError: bad?.[500],
    apiUnavailable: bad?.[503],
  };
  const all = Object.entries({ ...stage.local.faults.counts, ...ofApi });
  return Object.fromEntries(all.flatMap(([name, count]) => (count ? [[name, count]] : [])));
}

function costOf({ local }: Stage): number {
  const { dynamodb, sqs } = local.meter;
  const { invocations, timeline } = local.lambda.metrics();
  const invocationMs = timeline.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
  const { writeUnits, readUnits } = dynamodb;
  return costUsd({ sqsCalls: sqs.calls, writeUnits, readUnits, invocations, invocationMs });
}

/** Puts together what the run found, and holds it against what was promised. */
export async function collectResult(parts: CollectParts): Promise<Result> {
  const { flags, facts, stage, api, observer, dashboard, leftInQueues } = parts;
  const { books, averageRating, decades, genres, failures } = dashboard;
  const store = dynamoFanInStore({ client: stage.onlooker.dynamodb, tableName: TABLE_NAME });
  // Read before the question itself costs anything.
  const { writeUnits, writeUnitsByLabel } = stage.local.meter.dynamodb;
  const [sqsCalls, cost] = [stage.local.meter.sqs.calls, costOf(stage)];
  const status = await createFanIn({ store }).status(flags.id);
  if (status === undefined) throw new Error('counts are exact: the fan-in is gone');
  const settleWriteUnits = writeUnitsByLabel.settle ?? 0;
  const { publishedAt, deliveredAt = Date.now() } = observer;
  const evidence = {
    id: flags.id,
    ...status.counts,
    completions: observer.completions.size,
    elapsedMs: deliveredAt - (publishedAt ?? deliveredAt),
    idealMs: Math.ceil(status.counts.expected / capacityOf(flags)) * flags.latencyMs,
    peakInFlight: observer.inFlight.peak,
    deliveries: observer.deliveries.total,
    duplicates: observer.deliveries.duplicates,
    deadLettered: observer.deadLettered,
    writeUnits,
    settleWriteUnits,
    resultWriteUnits: writeUnitsByLabel.result ?? 0,
    writeUnitsPerItem: digits(writeUnits / status.counts.expected, 3),
    sqsCalls,
    faults: await faultCounts(stage, api),
    costUsd: cost,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    failures,
    dashboard: { books, averageRating, decades, genres },
  };
  const faultsAskedFor = flags.chaos ? chaosFaults : [];
  return {
    ...evidence,
    broken: brokenPromises({ ...evidence, rows: facts.rows, leftInQueues, faultsAskedFor }),
  };
}
