import { createInterner } from './canonical.js';
import { checkEnding, isOver } from './ending.js';
import { movesOf } from './moves.js';
import type { Violation } from './rules.js';
import { tokenOf } from './schedule.js';
import { firstWorld } from './stage.js';
import { type Stage, step } from './step.js';
import { keyOf, type World } from './world.js';

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
export async function exhaust(stage: Stage, limits: ExhaustLimits): Promise<Exhausted> {
  const found = new Map<string, Found>();
  const words = createInterner();
  const wordList: string[] = [];
  const parents: number[] = [];
  const moves: number[] = [];
  /** By faults, then by depth. */
  const waiting: { world: World; state: Found }[][][] = Array.from({ length: limits.faults + 1 }, () => []);
  let moveCount = 0;

  function pathTo(number: number): string[] {
    const tokens: string[] = [];
    for (let at = number; at > 0; at = parents[at] ?? 0) tokens.push(wordList[moves[at] ?? 0] ?? '');
    return tokens.reverse();
  }
  function enter(world: World, faults: number, depth: number, parent: number, token: string): number {
    const key = keyOf(world);
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

  enter(await firstWorld(stage), 0, 0, 0, '');
  for (const [faults, layer] of waiting.entries()) {
    for (let depth = 0; depth < layer.length; depth += 1) {
      for (const { world, state } of layer[depth] ?? []) {
        if (state.faults < faults) continue;
        if (found.size > limits.maxStates || Date.now() > limits.until) return result(faults - 1);
        const next = movesOf(stage.scenario, world, isOver(stage, world));
        if (next.ordinary.length === 0) {
          const violation = await checkEnding(stage, world);
          if (violation !== undefined) return result(faults - 1, violation, pathTo(state.number));
        }
        const tries = faults < limits.faults ? [...next.ordinary, ...next.faults] : next.ordinary;
        for (const [position, move] of tries.entries()) {
          const reached = await step(stage, world, move);
          moveCount += 1;
          const token = tokenOf(move);
          if (reached.violation !== undefined)
            return result(faults - 1, reached.violation, [...pathTo(state.number), token]);
          const isFaulty = position >= next.ordinary.length;
          enter(reached.world, faults + (isFaulty ? 1 : 0), depth + 1, state.number, token);
        }
      }
      layer[depth] = [];
    }
  }
  return result(limits.faults);
}
