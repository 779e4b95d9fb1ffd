import { relative, resolve } from 'node:path';
import type { Flags } from '../flags.js';
import type { Result } from './result.js';

const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
const SHOWN_FAILURES = 10;

/** What a person wants to know of a run. */
export function summary(result: Result, { out }: Flags): string {
  const { expected, succeeded, failed, timedOut, cancelled, notStarted, failures } = result;
  const faults = Object.entries(result.faults).map(([name, count]) => `${name} ${count}`);
  const shown = failures.slice(0, SHOWN_FAILURES).map(({ title, reason }) => `    ${title}: ${reason}`);
  const hidden = failed - shown.length;
  return `${[
    `job ${result.id}`,
    `  expected      ${expected}`,
    `  succeeded     ${succeeded}`,
    `  failed        ${failed} (${result.deadLettered} by way of the dead-letter queue)`,
    ...shown,
    ...(hidden > 0 ? [`    … and ${hidden} more`] : []),
    `  timed out     ${timedOut}, cancelled ${cancelled}, not started ${notStarted}`,
    `  completions   ${result.completions}`,
    `  elapsed       ${seconds(result.elapsedMs)} (ideal ${seconds(result.idealMs)})`,
    `  in flight     ${result.peakInFlight} at the peak`,
    `  deliveries    ${result.deliveries} (${result.duplicates} duplicates)`,
    `  write units   ${result.writeUnits} (${result.writeUnitsPerItem} an item: counting ${result.settleWriteUnits}, results ${result.resultWriteUnits})`,
    `  SQS calls     ${result.sqsCalls}`,
    `  cost          $${result.costUsd.toFixed(4)} at list prices`,
    `  memory        ${result.peakRssMb} MB at the peak, without the stand-in API`,
    `  faults        ${faults.length === 0 ? 'none' : faults.join(', ')}`,
    `  written       ${['dashboard.json', 'dashboard.html', 'timeline.svg'].map((name) => relative('.', resolve(out, name))).join(', ')}`,
    result.broken.length === 0 ? 'every promise held' : 'a promise was BROKEN',
  ].join('\n')}\n`;
}
