import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flags } from '../../../examples/ndjson/flags.js';
import { runNdjson } from '../../../examples/ndjson/run/runNdjson.js';

const flags: Flags = {
  ...{ input: undefined, files: 60, maxFiles: 25, maxBytes: 10_000_000, builders: 4, lockMs: 400 },
  ...{ chaos: false, seed: 1, stateMachine: true, json: true },
};

describe('a run of ndjson', () => {
  it('keeps every promise, though builders are paused and die, an execution stalls and a file is corrupt', async () => {
    const result = await runNdjson(flags);
    expect(result.broken).toEqual([]);
    expect(result).toMatchObject({
      filesInOneManifest: 60,
      notifications: 120,
      pausedBuilder: { fencingToken: 1 },
    });
    expect(result.builders.died).toBeGreaterThan(0);
    expect(result.builders.completed).toBeGreaterThan(0);
    expect(result.orphans.beforeFlush).toBe(10);
    expect(result.manifests).toBe(3);
    expect(result.executions.total).toBe(result.manifests + 2);
    expect(result.corrupt).toMatchObject({
      runs: 3,
      alerts: 1,
      reason: expect.stringMatching(/line 2: expected JSON$/),
    });
  }, 120_000);

  it('builds manifests and starts nothing without a state machine, also when replies are lost', async () => {
    const result = await runNdjson({ ...flags, files: 30, stateMachine: false, chaos: true });
    expect(result.broken).toEqual([]);
    expect(result).toMatchObject({
      executions: { total: 0 },
      states: { manifests: { built: result.manifests } },
    });
    expect(result.warnings.length).toBeGreaterThanOrEqual(result.manifests);
  }, 120_000);
});

describe('a run of ndjson over a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fanfold-test-'));
    await writeFile(join(folder, 'only.ndjson'), '{"a":1}\n{"b":[2]}\n{"a":"x"}\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('converts a single file, which is corrupt at first', async () => {
    const result = await runNdjson({ ...flags, input: folder });
    expect(result.broken).toEqual([]);
    expect(result).toMatchObject({ files: 1, manifests: 1, rowsIn: 3, rowsOut: 3, stuck: { found: 0 } });
  }, 120_000);
});
