import { describe, expect, it } from 'vitest';
import type { Flags } from '../../../examples/ndjson/flags.js';
import { brokenPromises, type Evidence } from '../../../examples/ndjson/run/brokenPromises.js';

const flags: Flags = {
  ...{ input: undefined, files: 1_000, maxFiles: 200, maxBytes: 700_000, builders: 8, lockMs: 2_000 },
  ...{ chaos: false, seed: 1, stateMachine: true, json: false },
};
const kept: Evidence = {
  ...{
    files: 1_000,
    bytes: 2_759_886,
    notifications: 2_000,
    manifests: 6,
    mostFiles: 200,
    mostBytes: 698_000,
  },
  ...{ filesInOneManifest: 1_000, filesInTwo: 0, filesInNone: 0, recordsThatDiffer: 0 },
  builders: { atOnce: 8, invocations: 500, died: 2, completed: 1 },
  pausedBuilder: { slot: '1', fencingToken: 1, publishedToken: 8, refused: true },
  warnings: ['manifest-6 is built and not started'],
  executions: { total: 8, mostOfOne: 1, foundNotStarted: 2 },
  orphans: { beforeFlush: 120, atEnd: 0 },
  stuck: { found: 1, reset: 1 },
  corrupt: { failed: 1, reason: 'a.ndjson, line 2: expected JSON', runs: 3, alerts: 1, redrive: 'started' },
  ...{ rowsIn: 33_270, rowsOut: 33_270, parquetFiles: 6, elapsedMs: 20_000 },
  faults: { lost: 0, notArrived: 0, throttled: 0, twice: 0 },
  states: { files: { inManifest: 1_000 }, manifests: { built: 0, completed: 6, failed: 0 } },
};

describe('the promises of ndjson', () => {
  it('are all held by a run that went well', () => {
    expect(brokenPromises(kept, flags)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>]>([
    ['no file is in two', { filesInTwo: 1 }],
    ['no file is in no manifest', { filesInNone: 1 }],
    ['every file is in one', { filesInOneManifest: 999 }],
    ['every record names', { recordsThatDiffer: 1 }],
    ['at most 200 files', { mostFiles: 201 }],
    ['at most 700000 bytes', { mostBytes: 700_001 }],
    ['orphan in the end', { orphans: { beforeFlush: 120, atEnd: 1 } }],
    ['cannot publish its list', { pausedBuilder: { ...kept.pausedBuilder, refused: false } }],
    ['newer token', { pausedBuilder: { ...kept.pausedBuilder, publishedToken: 1 } }],
    ['warned of', { warnings: [] }],
    ['starts once', { executions: { ...kept.executions, mostOfOne: 2 } }],
    ['never started is found', { executions: { ...kept.executions, foundNotStarted: 0 } }],
    ['execution that died is found', { stuck: { found: 0, reset: 0 } }],
    ['stuck is reset', { stuck: { found: 1, reset: 0 } }],
    ['corrupt file fails', { corrupt: { ...kept.corrupt, failed: 0 } }],
    ['says file and line', { corrupt: { ...kept.corrupt, reason: 'it failed' } }],
    ['tried 3 times', { corrupt: { ...kept.corrupt, runs: 4 } }],
    ['one alert', { corrupt: { ...kept.corrupt, alerts: 2 } }],
    ['redrive starts', { corrupt: { ...kept.corrupt, redrive: 'alreadyFinished' } }],
    ['completed in the end', { states: { ...kept.states, manifests: { completed: 5 } } }],
    ['no row is lost', { rowsOut: 33_269 }],
  ])('name "%s" when it is broken', (name, change) => {
    expect(brokenPromises({ ...kept, ...change }, flags)).toEqual([expect.stringContaining(name)]);
  });

  it('are no promises about chaos where no reply was lost', () => {
    expect(brokenPromises(kept, { ...flags, chaos: true })).toEqual([
      expect.stringContaining('replies are lost'),
    ]);
  });

  it('want no warning where the files fill their manifests exactly, and nothing is left to be flushed', () => {
    const exact = { ...kept, warnings: [], orphans: { beforeFlush: 0, atEnd: 0 } };
    expect(brokenPromises(exact, flags)).toEqual([]);
    const executions = { ...kept.executions, foundNotStarted: 0 };
    expect(brokenPromises({ ...exact, executions }, flags)).toEqual([expect.stringContaining('is found')]);
    expect(
      brokenPromises(
        {
          ...exact,
          executions,
          manifests: 1,
          stuck: { found: 0, reset: 0 },
          states: { ...kept.states, manifests: { completed: 1 } },
        },
        flags,
      ),
    ).toEqual([]);
  });

  it('are others without a state machine: manifests are built, and nothing is started', () => {
    const rolledBack = { ...flags, stateMachine: false };
    const states = { ...kept.states, manifests: { built: 6 } };
    const executions = { total: 0, mostOfOne: 0, foundNotStarted: 0 };
    expect(brokenPromises({ ...kept, states, executions }, rolledBack)).toEqual([]);
    expect(brokenPromises({ ...kept, states }, rolledBack)).toEqual([
      expect.stringContaining('nothing is started'),
    ]);
    expect(brokenPromises({ ...kept, executions }, rolledBack)).toEqual([
      expect.stringContaining('built all the same'),
    ]);
  });
});
