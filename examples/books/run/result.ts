import type { Dashboard, Failure } from '../dashboard/dashboard.js';

/** What a run found; with `--json` it is printed as it is. */
export interface Result {
  readonly id: string;
  readonly expected: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly cancelled: number;
  readonly notStarted: number;
  /** How many completions took effect. */
  readonly completions: number;
  /** From the first publish to the delivered completion. */
  readonly elapsedMs: number;
  /** As many waves as the capacity needs, without anything else. */
  readonly idealMs: number;
  /** Items in the worker's hands at once. */
  readonly peakInFlight: number;
  readonly deliveries: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  /** As DynamoDB reported them. */
  readonly writeUnits: number;
  /** Those that the counting cost. */
  readonly settleWriteUnits: number;
  /** Those that storing the results cost. */
  readonly resultWriteUnits: number;
  readonly writeUnitsPerItem: number;
  /** The event source mappings' calls included. */
  readonly sqsCalls: number;
  /** What went wrong on purpose, by name. */
  readonly faults: Readonly<Record<string, number>>;
  readonly costUsd: number;
  /** Of this process: functions and emulators, without the stand-in API. */
  readonly peakRssMb: number;
  readonly failures: readonly Failure[];
  readonly dashboard: Pick<Dashboard, 'books' | 'averageRating' | 'decades' | 'genres'>;
  /** The promises that were broken; empty when all held. */
  readonly broken: readonly string[];
}
