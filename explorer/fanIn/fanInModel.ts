import type { Model, Mutant, Subject } from '../model.js';
import { checkEnding, isOver } from './checkEnding.js';
import type { FanInMutant } from './fanInMutant.js';
import { type Move, movesOf } from './moves.js';
import { sayMove } from './sayMove.js';
import type { Scenario } from './scenario.js';
import { createStage, firstWorld } from './stage.js';
import { step } from './step.js';
import { tokenOf } from './tokenOf.js';
import { keyOf, type World } from './world.js';

/** A fan-in with its publisher, workers, messages and sweeper. */
export function fanInModel(scenario: Scenario, mutant?: FanInMutant): Model<World, Move> {
  const stage = createStage(scenario, mutant);
  return {
    first: () => firstWorld(stage),
    movesOf: (world) => movesOf(scenario, world, isOver(stage, world)),
    step: (world, move) => step(stage, world, move),
    checkEnding: (world) => checkEnding(stage, world),
    keyOf,
    tokenOf,
    processOf: (move) => (move.type === 'call' ? move.name : undefined),
    isTick: ({ type }) => type === 'tick',
    say: sayMove,
  };
}

export function fanInSubject(scenario: Scenario, mutant?: FanInMutant): Subject {
  const { name, plan, share } = scenario;
  return { name, size: `${plan.length} items`, share, create: () => fanInModel(scenario, mutant) };
}

export function toMutant(mutant: FanInMutant): Mutant {
  const { name, wrong, scenario, faults } = mutant;
  return { name, wrong, faults, sound: fanInSubject(scenario), broken: fanInSubject(scenario, mutant) };
}
