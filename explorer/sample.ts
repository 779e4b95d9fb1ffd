import { checkEnding, isOver } from './checkEnding.js';
import { isFault, movesOf } from './moves.js';
import type { Stage } from './perform.js';
import { createRandom, pick } from './random.js';
import type { Violation } from './rules.js';
import { tokenOf } from './schedule.js';
import { firstWorld } from './stage.js';
import { step } from './step.js';
import { keyOf } from './world.js';

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
export async function sample(stage: Stage, limits: SampleLimits): Promise<Sampled> {
  const random = createRandom(limits.seed);
  const first = await firstWorld(stage);
  const seen = new Set<string>();
  let schedules = 0;

  for (; schedules < limits.maxSchedules && Date.now() < limits.until; schedules += 1) {
    const tokens: string[] = [];
    // Some schedules are calm, some stormy; and some let a process run on, which is how deep states are reached.
    const rate = random() * 0.3;
    const stickiness = random();
    let left = limits.faults;
    let favourite: string | undefined;
    let world = first;
    for (;;) {
      seen.add(keyOf(world));
      const { ordinary, faults } = movesOf(stage.scenario, world, isOver(stage, world));
      if (ordinary.length === 0) break;
      const own = ordinary.find((move) => move.type === 'call' && move.name === favourite);
      const calm = own !== undefined && random() < stickiness ? own : pick(random, ordinary);
      const move = left > 0 && random() < rate ? (pick(random, faults) ?? calm) : calm;
      if (move === undefined) break;
      if (isFault(move)) left -= 1;
      favourite = move.type === 'call' ? move.name : favourite;
      tokens.push(tokenOf(move));
      const reached = await step(stage, world, move);
      if (reached.violation !== undefined)
        return { schedules, states: seen.size, violation: reached.violation, tokens };
      world = reached.world;
    }
    const violation = await checkEnding(stage, world);
    if (violation !== undefined) return { schedules, states: seen.size, violation, tokens };
  }
  return { schedules, states: seen.size, violation: undefined, tokens: [] };
}
