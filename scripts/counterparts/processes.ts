import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** Where a process writes to: this one's own output, or a file. */
export type Output = 'inherit' | { readonly file: string };

export interface ProcessOptions {
  readonly output: Output;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Processes of others that this one has started. */
export interface Processes {
  /** Starts a process in a group of its own, so that it can be ended with all that it starts. */
  start(command: string, args: readonly string[], options: ProcessOptions): ChildProcess;
  /** Runs a process to its end; throws unless it ends well. */
  run(command: string, args: readonly string[], options: ProcessOptions): Promise<void>;
  /** Ends a process at once, by its own id, with all that it started, and waits for that. */
  end(child: ChildProcess): Promise<void>;
  /** Ends all of them, without waiting. */
  endAll(): void;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The last of the group may have ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function createProcesses(): Processes {
  const running = new Set<ChildProcess>();

  const start: Processes['start'] = (command, args, { output, environment }) => {
    const target = output === 'inherit' ? output : openSync(output.file, 'w');
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', target, target],
      env: { ...process.env, ...environment },
    });
    if (target !== 'inherit') closeSync(target);
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };

  return {
    start,
    async run(command, args, options) {
      const child = start(command, args, options);
      const [code, signal] = await once(child, 'exit');
      if (code === 0) return;
      const where = options.output === 'inherit' ? '' : `: see ${options.output.file}`;
      throw new Error(`${command} ended with ${signal ?? code}${where}`);
    },
    async end(child) {
      if (child.pid === undefined) return;
      const ended = hasEnded(child) ? undefined : once(child, 'exit');
      killGroup(child);
      await ended;
    },
    endAll() {
      for (const child of running) killGroup(child);
    },
  };
}
