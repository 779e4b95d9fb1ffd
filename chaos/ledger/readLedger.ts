import type { OutcomeStatus } from 'fanfold';
import type { Tally } from '../herd/tally.js';
import type { RunPlan } from '../plan.js';
import type { Stage } from '../stage.js';
import type { Completions } from './collectCompletions.js';
import type { Ledger } from './ledger.js';

async function list<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** How many messages each queue holds, seen or unseen. */
export async function readQueued({ local, queues }: Stage): Promise<Ledger['queued']> {
  const count = async ({ url }: { readonly url: string }) => {
    const { visible, inFlight, delayed } = await local.queueDepth(url);
    return visible + inFlight + delayed;
  };
  return {
    items: await count(queues.items),
    deadLetters: await count(queues.deadLetters),
    completions: await count(queues.completions),
  };
}

/** What a run knows beside what its servers hold. */
export interface Observed {
  readonly id: string;
  readonly plan: RunPlan;
  readonly ended: boolean;
  readonly tally: Tally;
  readonly completions: Completions;
}

/** Reads all that a run has left behind, before its servers stop. */
export async function readLedger(
  stage: Stage,
  { id, plan, ended, tally, completions }: Observed,
): Promise<Omit<Ledger, 'leaks'>> {
  const { fanIn } = stage;
  const { received, deadLettered, faults } = tally;
  const status = await fanIn.status(id);
  const listOf = (of: OutcomeStatus) => (status ? list(fanIn.indices(id, [of])) : []);
  return {
    plan,
    ended,
    status,
    results: status ? await list(fanIn.results(id)) : [],
    missing: status ? await list(fanIn.missing(id)) : [],
    indices: {
      succeeded: await listOf('succeeded'),
      failed: await listOf('failed'),
      timedOut: await listOf('timedOut'),
      cancelled: await listOf('cancelled'),
    },
    completions,
    received,
    deadLettered,
    queued: await readQueued(stage),
    faults,
  };
}
