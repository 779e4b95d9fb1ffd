import { checkEnding, isOver } from './checkEnding.js';
import { isFault, type Move, movesOf } from './moves.js';
import type { Stage } from './perform.js';
import type { Violation } from './rules.js';
import { moveOf, tokenOf } from './schedule.js';
import { firstWorld } from './stage.js';
import { step } from './step.js';
import type { World } from './world.js';

export interface Replayed {
  readonly violation: Violation | undefined;
  /** What really happened: the words that could happen, then whatever follows when nobody interferes. */
  readonly tokens: readonly string[];
  readonly faults: number;
  /** The words that could not happen. */
  readonly skipped: readonly string[];
}

export type Watcher = (move: Move, before: World, after: World) => void;

/** Follows a schedule; afterwards nothing fails any more, and whoever has waited longest goes first. */
export async function replay(
  stage: Stage,
  tokens: readonly string[],
  watch: Watcher = () => undefined,
): Promise<Replayed> {
  const { scenario } = stage;
  const done: string[] = [];
  const skipped: string[] = [];
  let world = await firstWorld(stage);
  let faults = 0;

  async function take(move: Move): Promise<Violation | undefined> {
    const before = world;
    const reached = await step(stage, world, move);
    world = reached.world;
    done.push(tokenOf(move));
    if (isFault(move)) faults += 1;
    watch(move, before, world);
    return reached.violation;
  }
  const result = (violation: Violation | undefined): Replayed => ({
    violation,
    tokens: done,
    faults,
    skipped,
  });

  for (const token of tokens) {
    const moves = movesOf(scenario, world, isOver(stage, world));
    const move = moveOf(token, [...moves.ordinary, ...moves.faults]);
    if (move === undefined) {
      skipped.push(token);
      continue;
    }
    const violation = await take(move);
    if (violation !== undefined) return result(violation);
  }
  for (;;) {
    const { ordinary } = movesOf(scenario, world, isOver(stage, world));
    // Time passes last: a late delivery is an answer to nothing.
    const move = ordinary.find(({ type }) => type !== 'tick') ?? ordinary[0];
    if (move === undefined) return result(await checkEnding(stage, world));
    const violation = await take(move);
    if (violation !== undefined) return result(violation);
  }
}
