import type { OutcomeCounts } from 'fanfold';
import { countKills, type Tally } from './herd/tally.js';
import { kindOf } from './itemKind.js';
import type { Ledger } from './ledger/ledger.js';
import type { JobMode, RunPlan } from './plan.js';

/** What is printed of a run. */
export interface RunResult {
  readonly seed: number;
  readonly mode: JobMode;
  readonly kills: number;
  /** Those that fell into the middle of something. */
  readonly killsInFlight: number;
  readonly killsByRole: Tally['kills'];
  readonly counts: OutcomeCounts | undefined;
  /** Messages that workers received, repeats included. */
  readonly received: number;
  /** Those that were repeats. */
  readonly duplicates: number;
  /** Items that the dead-letter worker received. */
  readonly deadLettered: number;
  /** Those of them that were hopeless from the start; the others were killed too often. */
  readonly hopeless: number;
  /** Completions that came out of the sink, repeats included. */
  readonly deliveries: number;
  readonly elapsedMs: number;
  /** Every broken promise; none when the ledger balances. */
  readonly broken: readonly string[];
}

/** Adds a run up. */
export function toRunResult(
  { seed, mode }: RunPlan,
  { status, received, deadLettered, completions }: Omit<Ledger, 'leaks'>,
  tally: Tally,
  elapsedMs: number,
  broken: readonly string[],
): RunResult {
  const { total, inFlight } = countKills(tally);
  const count = [...received.values()].reduce((sum, times) => sum + times, 0);
  return {
    seed,
    mode,
    kills: total,
    killsInFlight: inFlight,
    killsByRole: tally.kills,
    counts: status?.counts,
    received: count,
    duplicates: count - received.size,
    deadLettered: deadLettered.size,
    hopeless: [...deadLettered].filter((index) => kindOf(seed, index) === 'hopeless').length,
    deliveries: completions.summaries.length,
    elapsedMs,
    broken,
  };
}

/** A run on one line, and each broken promise on one of its own. */
export function runLine(result: RunResult): string {
  const { seed, mode, kills, killsInFlight, counts, received, duplicates } = result;
  const { deadLettered, hopeless, deliveries, elapsedMs, broken } = result;
  const of = (name: keyof OutcomeCounts) => counts?.[name] ?? '?';
  const line = [
    `seed ${seed}`,
    mode.padEnd(9),
    `${kills} kills, ${killsInFlight} in flight`,
    `${of('succeeded')} + ${of('failed')} + ${of('timedOut')} of ${of('expected')}`,
    `${received} received, ${duplicates} again`,
    `${deadLettered} dead-lettered (${hopeless} hopeless)`,
    `${deliveries} deliver${deliveries === 1 ? 'y' : 'ies'}`,
    `${(elapsedMs / 1_000).toFixed(1)} s`,
    broken.length === 0 ? 'balanced' : 'NOT BALANCED',
  ].join(' · ');
  return [line, ...broken.map((promise) => `  broken: ${promise}`)].join('\n');
}
