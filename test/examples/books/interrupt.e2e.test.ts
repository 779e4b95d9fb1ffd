import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TIMEOUT_MS = 120_000;

/** `npm run demo`, as the leader of a process group of its own: a terminal's Ctrl-C reaches the whole group. */
function demo(...flags: string[]) {
  const child = spawn('npm', ['run', '-s', 'demo', '--', ...flags], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const end = async () => {
    const [code, signal] = await exited;
    // As a shell says it.
    return { code: signal === null ? code : 128 + constants.signals[signal], said: await said };
  };
  return { child, end };
}

async function inFlight({ child }: ReturnType<typeof demo>): Promise<void> {
  let said = '';
  while (!/[1-9]\d* in flight/.test(said)) said += String((await once(child.stderr, 'data'))[0]);
}

describe('npm run demo', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-interrupt-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([1, 2, 3])(
    'stops at Ctrl-C, says how to go on, and leaves no half dashboard (time %i)',
    async (time) => {
      const out = join(folder, String(time));
      const flags = ['--id', 'X', '--out', out];
      const first = demo(...flags);
      await inFlight(first);
      process.kill(-Number(first.child.pid), 'SIGINT');
      const { code, said } = await first.end();
      expect(said).toContain(`interrupted; continue with: npm run demo -- --id X --out ${out}`);
      expect(code).toBe(130);
      expect(await readdir(out)).toEqual(['.unfinished.json']);

      const second = await demo(...flags, '--limit', '3', '--latency-ms', '5').end();
      expect(second.said).toContain('X was interrupted before. The embedded servers lost their memory');
      expect(second.code).toBe(0);
      expect(await readdir(out)).toEqual(['dashboard.html', 'dashboard.json', 'timeline.svg']);
    },
    TIMEOUT_MS,
  );
});
