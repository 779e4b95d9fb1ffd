import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a process of its own printed, as JSON; run in `bench/`, so that it finds what is installed there. */
export async function childJson(...flags: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: 'bench' });
  return JSON.parse(stdout);
}

/** The number that a process of its own printed. */
export async function childNumber(...flags: readonly string[]): Promise<number> {
  const value = await childJson(...flags);
  if (typeof value === 'number') return value;
  throw new Error(`${flags.join(' ')}: expected a number, got ${typeof value}`);
}
