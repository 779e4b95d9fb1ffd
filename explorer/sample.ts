import { createRandom } from '../examples/createRandom.js';
import type { Model, Violation } from './model.js';
import { pick } from './pick.js';

export interface SampleLimits {
  readonly faults: number;
  readonly seed: number;
  readonly maxSchedules: number;
  /** When to stop, by `Date.now`. */
  readonly until: number;
}

export interface Sampled {
  readonly schedules: number;
  readonly states: number;
  readonly violation: Violation | undefined;
  readonly tokens: readonly string[];
}

/** Follows schedules that are drawn by a seeded die, each to its end. */
export async function sample<W, M>(model: Model<W, M>, limits: SampleLimits): Promise<Sampled> {
  const random = createRandom(limits.seed);
  const first: W = await model.first();
  const seen = new Set<string>();
  let schedules = 0;

  for (; schedules < limits.maxSchedules && Date.now() < limits.until; schedules += 1) {
    const tokens: string[] = [];
    // Some schedules are calm, some stormy; and some let a process run on, which is how deep states are reached.
    const rate = random() * 0.3;
    const stickiness = random();
    let left = limits.faults;
    let favourite: string | undefined;
    let world: W = first;
    for (;;) {
      seen.add(model.keyOf(world));
      const { ordinary, faults } = model.movesOf(world);
      if (ordinary.length === 0) break;
      const own = ordinary.find((move) => favourite !== undefined && model.processOf(move) === favourite);
      const calm = own !== undefined && random() < stickiness ? own : pick(random, ordinary);
      const wrong = left > 0 && random() < rate ? pick(random, faults) : undefined;
      const move = wrong ?? calm;
      if (move === undefined) break;
      if (wrong !== undefined) left -= 1;
      favourite = model.processOf(move) ?? favourite;
      tokens.push(model.tokenOf(move));
      const reached = await model.step(world, move);
      if (reached.violation !== undefined)
        return { schedules, states: seen.size, violation: reached.violation, tokens };
      world = reached.world;
    }
    const violation = await model.checkEnding(world);
    if (violation !== undefined) return { schedules, states: seen.size, violation, tokens };
  }
  return { schedules, states: seen.size, violation: undefined, tokens: [] };
}
