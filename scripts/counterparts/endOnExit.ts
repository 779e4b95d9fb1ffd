import type { Processes } from './processes.js';

const LOOK_EVERY_MS = 500;

/**
 * Ends all processes with this one: at its end, on a signal, and when whoever started it is gone. npm hands a signal
 * to its shell only, which dies of it and tells nobody.
 */
export function endOnExit(processes: Processes): void {
  process.once('exit', processes.endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, LOOK_EVERY_MS).unref();
}
