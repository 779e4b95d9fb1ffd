import { createInterner } from './canonical.js';
import type { Model, Violation } from './model.js';

export interface ExhaustLimits {
  /** The most faults in one schedule. */
  readonly faults: number;
  readonly maxStates: number;
  /** When to give up, by `Date.now`. */
  readonly until: number;
}

export interface Exhausted {
  /** The most faults for which every schedule was tried; -1 where there was not even time for none. */
  readonly exhaustedFaults: number;
  readonly states: number;
  /** How often a move was made: each is the end of a schedule that differs from all others. */
  readonly moves: number;
  readonly violation: Violation | undefined;
  /** The way to the violation, with as few faults as possible, then with as few moves. */
  readonly tokens: readonly string[];
}

interface Found {
  faults: number;
  readonly number: number;
}

/**
 * Tries every schedule with at most so many faults, fewest faults first and shortest schedules first. A world that
 * was met before with as few faults is not entered again: its future is known. The search ends by itself, because
 * receives, faults, starts and the clock only ever grow.
 */
export async function exhaust<W, M>(model: Model<W, M>, limits: ExhaustLimits): Promise<Exhausted> {
  const found = new Map<string, Found>();
  const words = createInterner();
  const wordList: string[] = [];
  const parents: number[] = [];
  const moves: number[] = [];
  /** By faults, then by depth. */
  const waiting: { world: W; state: Found }[][][] = Array.from({ length: limits.faults + 1 }, () => []);
  let moveCount = 0;

  function pathTo(number: number): string[] {
    const tokens: string[] = [];
    for (let at = number; at > 0; at = parents[at] ?? 0) tokens.push(wordList[moves[at] ?? 0] ?? '');
    return tokens.reverse();
  }
  function enter(world: W, faults: number, depth: number, parent: number, token: string): number {
    const key = model.keyOf(world);
    const known = found.get(key);
    if (known !== undefined && known.faults <= faults) return known.number;
    const state = known ?? { faults, number: found.size };
    state.faults = faults;
    if (known === undefined) found.set(key, state);
    const word = words.idOf(token);
    wordList[word] = token;
    parents[state.number] = parent;
    moves[state.number] = word;
    const layer = waiting[faults] ?? [];
    layer[depth] ??= [];
    layer[depth].push({ world, state });
    return state.number;
  }
  const result = (exhaustedFaults: number, violation?: Violation, tokens: string[] = []): Exhausted => ({
    exhaustedFaults,
    states: found.size,
    moves: moveCount,
    violation,
    tokens,
  });

  type Losing = { readonly violation: Violation; readonly tokens: string[] };
  function withPath(state: Found, violation: Violation | undefined, ...last: string[]): Losing | undefined {
    return violation && { violation, tokens: [...pathTo(state.number), ...last] };
  }
  async function tryAll(
    world: W,
    state: Found,
    tries: readonly M[],
    faults: number,
    depth: number,
  ): Promise<Losing | undefined> {
    for (const move of tries) {
      const reached = await model.step(world, move);
      moveCount += 1;
      const token = model.tokenOf(move);
      if (reached.violation !== undefined) return withPath(state, reached.violation, token);
      enter(reached.world, faults, depth + 1, state.number, token);
    }
    return undefined;
  }

  enter(await model.first(), 0, 0, 0, '');
  const isOut = () => found.size > limits.maxStates || Date.now() > limits.until;
  for (const [faults, layer] of waiting.entries()) {
    const calm: { world: W; state: Found; depth: number }[] = [];
    for (let depth = 0; depth < layer.length; depth += 1) {
      for (const { world, state } of layer[depth] ?? []) {
        if (state.faults < faults) continue;
        if (isOut()) return result(faults - 1);
        calm.push({ world, state, depth });
        const { ordinary } = model.movesOf(world);
        const violation =
          ordinary.length === 0
            ? withPath(state, await model.checkEnding(world))
            : await tryAll(world, state, ordinary, faults, depth);
        if (violation !== undefined) return result(faults - 1, violation.violation, violation.tokens);
      }
      layer[depth] = [];
    }
    // Only when every schedule with so few faults is known: what one more does to each of their states.
    if (faults === limits.faults) break;
    for (const { world, state, depth } of calm) {
      if (isOut()) return result(faults);
      const moves = model.movesOf(world).faults;
      const violation = await tryAll(world, state, moves, faults + 1, depth);
      if (violation !== undefined) return result(faults, violation.violation, violation.tokens);
    }
  }
  return result(limits.faults);
}
