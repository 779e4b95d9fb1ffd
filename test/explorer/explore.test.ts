import { describe, expect, it } from 'vitest';
import { exhaust } from '../../explorer/exhaust.js';
import { exploreJob } from '../../explorer/exploreJob.js';
import { jobs } from '../../explorer/jobs.js';
import { replay } from '../../explorer/replay.js';
import { sample } from '../../explorer/sample.js';
import { scenario } from '../../explorer/scenario.js';
import { parseSchedule } from '../../explorer/schedule.js';
import { shrink } from '../../explorer/shrink.js';
import { createStage } from '../../explorer/stage.js';
import { mutants } from '../mutants/index.js';

const soon = () => Date.now() + 15_000;

describe('the crash explorer', () => {
  it('tries every schedule of a small job with one fault, and finds none that loses', async () => {
    const limits = { faults: 1, maxStates: 100_000, until: soon() };
    const job = scenario('fixed-2', 'sf');
    expect(await exhaust(createStage(job), limits)).toMatchObject({
      exhaustedFaults: 1,
      violation: undefined,
    });
  });

  it('says when it could not try every schedule', async () => {
    const limits = { faults: 3, maxStates: 100, until: soon() };
    const { exhaustedFaults, states } = await exhaust(createStage(scenario('fixed-3', 'sss')), limits);
    expect(exhaustedFaults).toBeLessThan(3);
    expect(states).toBeGreaterThan(100);
  });

  it('enters the same states every time', async () => {
    const limits = { faults: 1, maxStates: 100_000, until: soon() };
    const job = scenario('results-1', 'x', { storeResults: true });
    const first = await exhaust(createStage(job), limits);
    expect(await exhaust(createStage(job), limits)).toEqual(first);
  });

  it('draws the same schedules from the same seed', async () => {
    const limits = { faults: 3, seed: 7, maxSchedules: 50, until: soon() };
    const job = scenario('stream-3', 'sfs', { publishing: 'chunks', open: { toleratedFailureCount: 0 } });
    const first = await sample(createStage(job), limits);
    expect(first).toMatchObject({ schedules: 50, violation: undefined });
    expect(await sample(createStage(job), limits)).toEqual(first);
  });

  it.each(jobs.map((job) => [job.name, job] as const))(
    'finds nothing in a few schedules of %s',
    async (_, job) => {
      const drawn = await sample(createStage(job), { faults: 3, seed: 1, maxSchedules: 40, until: soon() });
      expect(drawn.violation).toBeUndefined();
      expect(drawn.schedules).toBeGreaterThan(0);
    },
  );
});

describe('a mutant', () => {
  // The rest take longer to find; `npm run explore -- --mutants` finds all of them.
  const quick = mutants.filter(({ name }) =>
    [
      'plain-counter',
      'acknowledge-duplicate',
      'parent-before-child',
      'ghost-after-expiry',
      'result-after-settle',
    ].includes(name),
  );

  it.each(quick.map((mutant) => [mutant.name, mutant] as const))(
    '%s is caught, and its losing schedule replays',
    async (_, mutant) => {
      const limits = { faults: mutant.faults, seconds: 15, seed: 1 };
      const { loss } = await exploreJob(mutant.scenario, limits, mutant);
      expect(loss?.schedule).toMatch(`${mutant.name}@${mutant.scenario.name}: `);
      const tokens = parseSchedule(loss?.schedule ?? '')?.tokens ?? [];
      const replayed = await replay(createStage(mutant.scenario, mutant), tokens);
      expect(replayed).toMatchObject({ skipped: [], violation: loss?.violation });
      // The same events are harmless to the real protocol.
      expect((await replay(createStage(mutant.scenario), tokens)).violation).toBeUndefined();
    },
  );

  it('that was met by chance has its schedule shortened, and it still loses', async () => {
    const [mutant] = quick;
    if (mutant === undefined) throw new Error('no mutant');
    const stage = createStage(mutant.scenario, mutant);
    const drawn = await sample(stage, { faults: 3, seed: 3, maxSchedules: 2_000, until: soon() });
    const rule = drawn.violation?.rule ?? '';
    const shrunk = await shrink(stage, rule, drawn.tokens);
    expect(shrunk.length).toBeLessThanOrEqual(drawn.tokens.length);
    expect((await replay(stage, shrunk)).violation?.rule).toBe(rule);
  });
});
