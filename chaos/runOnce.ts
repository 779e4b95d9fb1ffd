import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildConfig } from './child/childConfig.js';
import { createHerd, type Herd } from './herd/createHerd.js';
import { createAmbush, strikeAtRandom } from './herd/strike.js';
import { checkLedger } from './ledger/checkLedger.js';
import { type Collector, createCollector } from './ledger/collectCompletions.js';
import { findOpenPorts } from './ledger/findOpenPorts.js';
import { readLedger, readQueued } from './ledger/readLedger.js';
import { limits } from './limits.js';
import { planRun, type RunPlan } from './plan.js';
import { type RunResult, toRunResult } from './runResult.js';
import { type Stage, startStage, TABLE_NAME } from './stage.js';

const LOOK_EVERY_MS = 100;
const STOP_LIMIT_MS = 5_000;

/** Waits until the completion has been delivered and every queue is empty; whether that came to pass in time. */
async function waitForEnd(
  { stage, herd, collector, id }: { stage: Stage; herd: Herd; collector: Collector; id: string },
  signal: AbortSignal,
): Promise<boolean> {
  const endsAt = Date.now() + limits.runMs;
  while (Date.now() < endsAt && herd.tally.faults.length === 0) {
    signal.throwIfAborted();
    await collector.collect();
    if (herd.isPublished() && (await stage.fanIn.status(id))?.state === 'delivered') {
      const { items, deadLetters, completions } = await readQueued(stage);
      if (items + deadLetters + completions === 0) return true;
    }
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}

function startHerd(stage: Stage, path: string, id: string, plan: RunPlan, signal: AbortSignal): Herd {
  const { seed, items, mode } = plan;
  const config: ChildConfig = {
    seed,
    items,
    mode,
    id,
    deadlineAt: mode === 'abandoned' ? Date.now() + limits.deadlineMs : null,
    tableName: TABLE_NAME,
    endpoints: stage.local.endpoints,
    queues: stage.queues,
  };
  const ambush = createAmbush(plan, signal);
  const herd = createHerd({ path, config }, (member, message) => ambush(herd, member, message));
  herd.start('publisher');
  for (let n = 0; n < limits.workers; n += 1) herd.start('worker');
  herd.start('deadLetterWorker');
  herd.start('sweeper');
  return herd;
}

/** One run: servers up, a job in processes that are killed again and again, servers down, and the ledger checked. */
export async function runOnce(
  path: string,
  seed: number,
  items: number,
  signal: AbortSignal,
): Promise<RunResult> {
  const plan = planRun(seed, items);
  const id = `chaos-${seed}`;
  const startedAt = Date.now();
  const over = new AbortController();
  const stage = await startStage();
  const herd = startHerd(stage, path, id, plan, over.signal);
  const collector = createCollector(stage.sqs, stage.queues.completions.url, stage.fanIn);
  const strikes = strikeAtRandom(herd, plan, over.signal);
  try {
    const ended = await waitForEnd({ stage, herd, collector, id }, signal);
    over.abort();
    await strikes;
    const processesLeft = await herd.stop(STOP_LIMIT_MS);
    await collector.collect();
    const { completions } = collector;
    const ledger = await readLedger(stage, { id, plan, ended, tally: herd.tally, completions });
    await stage.stop();
    const leaks = (await findOpenPorts(Object.values(stage.local.endpoints))).map(
      (endpoint) => `${endpoint} still listens`,
    );
    if (processesLeft > 0) leaks.push(`${processesLeft} processes did not end`);
    const broken = checkLedger({ ...ledger, leaks });
    return toRunResult(plan, ledger, herd.tally, Date.now() - startedAt, broken);
  } catch (error) {
    over.abort();
    await herd.stop(STOP_LIMIT_MS);
    await stage.stop().catch(() => {});
    throw error;
  }
}
