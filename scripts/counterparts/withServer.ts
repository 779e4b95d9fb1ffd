import { setTimeout as pause } from 'node:timers/promises';
import type { Processes } from './processes.js';

export interface ServerOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The file that takes what it prints. */
  readonly logFile: string;
  /** Whether it answers; throwing means no. */
  readonly isReady: () => Promise<boolean>;
}

/** On a machine that is busy with everything else, a JVM takes its time. */
const READY_WITHIN_MS = 60_000;
const POLL_MS = 100;

/** Runs `work` while a server runs, and ends the server whatever becomes of the work. */
export async function withServer<T>(
  processes: Processes,
  { name, command, args, environment = {}, logFile, isReady }: ServerOptions,
  work: () => Promise<T>,
): Promise<T> {
  const server = processes.start(command, args, { output: { file: logFile }, environment });
  const died = new Promise<never>((_resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`${name} has ended by itself: see ${logFile}`)));
  });
  // It does when it is told to, too.
  died.catch(() => {});
  const ready = async () => {
    const end = Date.now() + READY_WITHIN_MS;
    while (!(await isReady().catch(() => false))) {
      if (Date.now() > end) throw new Error(`${name} was not ready in time: see ${logFile}`);
      await pause(POLL_MS);
    }
  };
  try {
    await Promise.race([ready(), died]);
    return await Promise.race([work(), died]);
  } finally {
    await processes.end(server);
  }
}
