import type { Model, Violation } from './model.js';

export interface Replayed {
  readonly violation: Violation | undefined;
  /** What really happened: the words that could happen, then whatever follows when nobody interferes. */
  readonly tokens: readonly string[];
  readonly faults: number;
  /** The words that could not happen. */
  readonly skipped: readonly string[];
}

export type Watcher<W, M> = (move: M, before: W, after: W) => void;

/** Follows a schedule; afterwards nothing fails any more, and whoever has waited longest goes first. */
export async function replay<W, M>(
  model: Model<W, M>,
  tokens: readonly string[],
  watch: Watcher<W, M> = () => undefined,
): Promise<Replayed> {
  const done: string[] = [];
  const skipped: string[] = [];
  let world: W = await model.first();
  let faultCount = 0;

  async function take(move: M): Promise<Violation | undefined> {
    const before = world;
    const reached = await model.step(world, move);
    world = reached.world;
    done.push(model.tokenOf(move));
    watch(move, before, world);
    return reached.violation;
  }
  const result = (violation: Violation | undefined): Replayed => ({
    violation,
    tokens: done,
    faults: faultCount,
    skipped,
  });

  for (const token of tokens) {
    const { ordinary, faults } = model.movesOf(world);
    const isMeant = (move: M) => model.tokenOf(move) === token;
    const wrong = faults.find(isMeant);
    const move = ordinary.find(isMeant) ?? wrong;
    if (move === undefined) {
      skipped.push(token);
      continue;
    }
    if (move === wrong) faultCount += 1;
    const violation = await take(move);
    if (violation !== undefined) return result(violation);
  }
  for (;;) {
    const { ordinary } = model.movesOf(world);
    // Time passes last: a late delivery is an answer to nothing.
    const move = ordinary.find((next) => !model.isTick(next)) ?? ordinary[0];
    if (move === undefined) return result(await model.checkEnding(world));
    const violation = await take(move);
    if (violation !== undefined) return result(violation);
  }
}
