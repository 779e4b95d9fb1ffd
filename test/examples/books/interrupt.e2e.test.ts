import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const TIMEOUT_MS = 120_000;

const viaNpm = ['npm', 'run', '-s', 'demo', '--'];
const directly = [process.execPath, '--import', 'tsx', 'examples/run.ts', 'books'];

describe('the demo', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-interrupt-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const groups: ChildProcess[] = [];
  const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals) => process.kill(-Number(pid), signal);
  afterEach(() => {
    for (const leader of groups.splice(0)) {
      try {
        signalGroup(leader, 'SIGKILL');
      } catch {
        // Nobody of the group is left, as it should be.
      }
    }
  });

  /** Starts it as the leader of a process group of its own: a terminal's Ctrl-C reaches the whole group. */
  function demo([command = '', ...args]: readonly string[]) {
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    groups.push(child);
    const ended = once(child, 'close');
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    return { child, said: () => said, ended };
  }

  it.each([
    // How npm itself ends is npm's affair.
    { by: 'npm', command: viaNpm, ends: expect.anything() },
    { by: 'npm, again', command: viaNpm, ends: expect.anything() },
    { by: 'node', command: directly, ends: [130, null] },
  ])(
    'stops at Ctrl-C, says how to go on, and leaves no half dashboard, started by $by',
    async ({ by, command, ends }) => {
      const out = join(folder, by);
      const first = demo([...command, '--id', 'X', '--out', out]);
      await vi.waitFor(() => expect(first.said()).toMatch(/[1-9]\d* in flight/), { timeout: 30_000 });
      signalGroup(first.child, 'SIGINT');
      expect(await first.ended).toEqual(ends);
      expect(first.said()).toContain(`interrupted; continue with: npm run demo -- --id X --out ${out}`);
      expect(await readdir(out)).toEqual(['.unfinished.json']);

      const second = demo([...command, '--id', 'X', '--out', out, '--limit', '3', '--latency-ms', '5']);
      expect(await second.ended).toEqual([0, null]);
      expect(second.said()).toContain('X was interrupted before. The embedded servers lost their memory');
      expect(await readdir(out)).toEqual(['dashboard.html', 'dashboard.json', 'timeline.svg']);
    },
    TIMEOUT_MS,
  );
});
