import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionError } from 'fanfold/local';
import type { BuilderAnswer } from '../handlers/createBuilder.js';
import type { Deployed } from './deployFunctions.js';
import type { Stage } from './startStage.js';
import { until } from './until.js';

/** What the builders did. */
export interface Building {
  /** Invocations of builders. */
  readonly invocations: number;
  /** Builders that died. */
  readonly died: number;
  /** Files that had waited for too long before the last, smaller manifest was built: whoever looked hours later would find them. */
  readonly orphans: number;
  /** Lists that were refused because their lock had expired, by their fencing tokens. */
  readonly refused: readonly number[];
}

const AGAIN_MS = 250;
/** To count the files takes a query for each partition of their index. */
const COUNT_EVERY_MS = 500;

/** Runs many builders at once while the files are tracked, then as many that flush the last ones and start nothing. */
export async function buildAll(
  { local }: Stage,
  { records, pause }: Deployed,
  { files, builders }: { readonly files: number; readonly builders: number },
): Promise<Building> {
  let [invocations, died, isTracked] = [0, 0, false];
  let failure: unknown;
  const refused: number[] = [];

  async function invoke(name: string, flush: boolean): Promise<BuilderAnswer['ended'] | 'died'> {
    invocations += 1;
    try {
      const answer = (await local.lambda.invoke(name, { flush })) as BuilderAnswer;
      if (answer.ended === 'lockLost') refused.push(answer.fencingToken ?? 0);
      return answer.ended;
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      died += 1;
      return 'died';
    }
  }

  /** Before the next try: there is none where a file is never tracked. */
  async function again(): Promise<void> {
    await sleep(AGAIN_MS);
    if (failure !== undefined) throw failure;
  }

  /** Invokes a builder again and again, until all files are tracked and too few of them are left. */
  async function keepBuilding(name: string, flush: boolean): Promise<void> {
    for (;;) {
      const wasTracked = isTracked;
      const ended = await invoke(name, flush);
      if (ended === 'notEnough' && wasTracked) return;
      await again();
    }
  }
  const crowd = (name: string, count: number, flush: boolean) =>
    Promise.all(Array.from({ length: count }, () => keepBuilding(name, flush)));

  const countFiles = async () => {
    const { pending, inProgress, succeeded } = await records.files.stats();
    isTracked = pending + inProgress + succeeded >= files;
    return isTracked;
  };
  const tracking = until('every file is tracked', countFiles, COUNT_EVERY_MS).catch((error: unknown) => {
    failure = error;
  });
  // Alone, until it has a list to publish and is paused before it does.
  let late: Promise<unknown> = Promise.resolve();
  for (let isPaused = false; !isPaused; ) {
    late = invoke('pausedBuilder', isTracked);
    isPaused = await Promise.race([late.then(() => false), pause.whenPaused.then(() => true)]);
    if (!isPaused) await again();
  }
  await crowd('builder', builders - 1, false);
  await tracking;
  const orphans = (await local.lambda.invoke('operations', { operation: 'orphans' })) as {
    readonly files: readonly string[];
  };
  await crowd('rolledBackBuilder', builders, true);
  // Its lock has expired long since, and its slot is taken.
  pause.goOn();
  await late;
  return { invocations, died, refused, orphans: orphans.files.length };
}
