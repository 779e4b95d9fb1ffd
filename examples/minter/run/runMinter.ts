import type { Log, LogLine } from '../handlers/logLine.js';
import type { Flags } from '../readFlags.js';
import { showDirect } from './showDirect.js';
import { showQueue } from './showQueue.js';
import { showStateMachines } from './showStateMachines.js';
import { startStage } from './startStage.js';

const METRICS = ['processing_time', 'batch_size', 'success_count', 'failure_count'] as const;

/** What a run has seen. */
export type Result = Awaited<ReturnType<typeof runMinter>>;

const isWhole = (line: LogLine): boolean =>
  line.correlation_id !== '' && METRICS.every((metric) => Number.isFinite(line[metric]));

/** Runs both interfaces and the state machines on emulators, and answers what it saw. */
export async function runMinter(flags: Flags, log: Log) {
  const lines = { logged: 0, whole: 0 };
  const counted: Log = (line) => {
    lines.logged += 1;
    if (isWhole(line)) lines.whole += 1;
    log(line);
  };
  const stage = await startStage(counted);
  try {
    const direct = await showDirect(stage, flags);
    const stateMachines = await showStateMachines(stage);
    const queue = await showQueue(stage);
    return { ...direct, queue, ...stateMachines, log: lines };
  } finally {
    await stage.stop();
  }
}
