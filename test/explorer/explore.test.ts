import { describe, expect, it } from 'vitest';
import { exhaust } from '../../explorer/exhaust.js';
import { exploreSubject } from '../../explorer/exploreSubject.js';
import { fanInModel } from '../../explorer/fanIn/fanInModel.js';
import { scenario } from '../../explorer/fanIn/scenario.js';
import { replay } from '../../explorer/replay.js';
import { sample } from '../../explorer/sample.js';
import { parseSchedule } from '../../explorer/schedule.js';
import { shrink } from '../../explorer/shrink.js';
import { tell } from '../../explorer/story.js';
import { subjects } from '../../explorer/subjects.js';
import { mutants } from '../mutants/index.js';

const soon = () => Date.now() + 45_000;

describe('the crash explorer', () => {
  it('tries every schedule of a small job with one fault, and finds none that loses', async () => {
    const limits = { faults: 1, maxStates: 100_000, until: soon() };
    const job = scenario('fixed-2', 'sf');
    expect(await exhaust(fanInModel(job), limits)).toMatchObject({
      exhaustedFaults: 1,
      violation: undefined,
    });
  });

  it.each([
    ['jobs-create-3', 1],
    ['semaphore-1-2', 1],
    ['budget-same-2', 2],
  ])('tries every schedule of %s with %i faults, and finds none that loses', async (name, faults) => {
    const limits = { faults, maxStates: 100_000, until: soon() };
    const model = subjects.find((subject) => subject.name === name)?.create();
    if (model === undefined) throw new Error(`nothing is called ${name}`);
    expect(await exhaust(model, limits)).toMatchObject({ exhaustedFaults: faults, violation: undefined });
  });

  it('lets a heartbeat go off when the clock has come to it, and not before', async () => {
    const model = subjects.find(({ name }) => name === 'jobs-heartbeat-2')?.create();
    if (model === undefined) throw new Error('there is no such subject');
    const { lines, replayed } = await tell(
      model,
      '+a a.1:0 a.1:1 a.1@0 tick a.1@0 a.1:3 a.1:2 a.1:4'.split(' '),
    );
    expect(replayed).toMatchObject({ skipped: ['a.1@0'], violation: undefined });
    expect(lines[4]).toContain("a.1's timer goes off");
    expect(lines[5]).toContain('a.1 writes "heartbeat" at 300 ms: {"until":1300');
  });

  it('says when it could not try every schedule', async () => {
    const limits = { faults: 3, maxStates: 100, until: soon() };
    const { exhaustedFaults, states } = await exhaust(fanInModel(scenario('fixed-3', 'sss')), limits);
    expect(exhaustedFaults).toBeLessThan(3);
    expect(states).toBeGreaterThan(100);
  });

  it('enters the same states every time', async () => {
    const limits = { faults: 1, maxStates: 100_000, until: soon() };
    const job = scenario('results-1', 'x', { storeResults: true });
    const first = await exhaust(fanInModel(job), limits);
    expect(await exhaust(fanInModel(job), limits)).toEqual(first);
  });

  it('draws the same schedules from the same seed', async () => {
    const limits = { faults: 3, seed: 7, maxSchedules: 50, until: soon() };
    const job = scenario('stream-3', 'sfs', { publishing: 'chunks', open: { toleratedFailureCount: 0 } });
    const first = await sample(fanInModel(job), limits);
    expect(first).toMatchObject({ schedules: 50, violation: undefined });
    expect(await sample(fanInModel(job), limits)).toEqual(first);
  });

  it.each(subjects.map((subject) => [subject.name, subject] as const))(
    'finds nothing in a few schedules of %s',
    async (_, subject) => {
      const drawn = await sample(subject.create(), { faults: 3, seed: 1, maxSchedules: 10, until: soon() });
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
      'job-without-owner',
      'job-lease-without-expiry',
      'job-result-before-state',
      'job-reset-ignores-attempt',
      'semaphore-release-by-key',
      'semaphore-lease-without-expiry',
      'budget-read-then-write',
      'budget-crosser-not-kept',
    ].includes(name),
  );

  it.each(quick.map((mutant) => [mutant.name, mutant] as const))(
    '%s is caught, and its losing schedule replays',
    async (_, mutant) => {
      const limits = { faults: mutant.faults, seconds: 45, seed: 1 };
      const { loss } = await exploreSubject(mutant.broken, limits, mutant.name);
      expect(loss?.schedule).toMatch(`${mutant.name}@${mutant.broken.name}: `);
      const tokens = parseSchedule(loss?.schedule ?? '')?.tokens ?? [];
      const replayed = await replay(mutant.broken.create(), tokens);
      expect(replayed).toMatchObject({ skipped: [], violation: loss?.violation });
      // The same events are harmless to the real protocol.
      expect((await replay(mutant.sound.create(), tokens)).violation).toBeUndefined();
    },
  );

  it('that was met by chance has its schedule shortened, and it still loses', async () => {
    const [mutant] = quick;
    if (mutant === undefined) throw new Error('no mutant');
    const model = mutant.broken.create();
    const drawn = await sample(model, { faults: 3, seed: 3, maxSchedules: 2_000, until: soon() });
    const rule = drawn.violation?.rule ?? '';
    const shrunk = await shrink(model, rule, drawn.tokens);
    expect(shrunk.length).toBeLessThanOrEqual(drawn.tokens.length);
    expect((await replay(model, shrunk)).violation?.rule).toBe(rule);
  });
});
