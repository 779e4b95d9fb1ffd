import { type ChildProcess, spawn } from 'node:child_process';
import type { ChildConfig, Role } from '../child/childConfig.js';
import type { ChildMessage } from '../child/report.js';

const LAST_CHARACTERS = 1_000;

/** How a child ended, once everything that it reported has been heard. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last words on standard error. */
  readonly said: string;
}

export interface ChildHandlers {
  readonly onMessage: (message: ChildMessage) => void;
  readonly onEnd: (end: ChildEnd) => void;
}

/** What every process of a herd is started with. */
export interface ChildProgramArguments {
  /** Of the program, as `bundleChild` made it. */
  readonly path: string;
  readonly config: ChildConfig;
}

/** Starts a process of its own for a role. */
export function startChild(
  role: Role,
  { path, config }: ChildProgramArguments,
  { onMessage, onEnd }: ChildHandlers,
): ChildProcess {
  const child = spawn(process.execPath, [path, role, JSON.stringify(config)], {
    // Only what a child dies of is worth hearing.
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LAST_CHARACTERS);
  });
  child.on('message', (message) => onMessage(message as ChildMessage));
  child.once('error', (error) => {
    said += error.message;
    // A process that never started does not close.
    if (child.pid === undefined) onEnd({ code: null, signal: null, said });
  });
  // `close` comes after the last message, `exit` may come before it.
  child.once('close', (code, signal) => {
    if (child.pid !== undefined) onEnd({ code, signal, said });
  });
  return child;
}
