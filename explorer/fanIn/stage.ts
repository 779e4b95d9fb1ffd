import { createFanInMemory, memoryFanInStore } from '../../src/aggregation/memoryFanInStore.js';
import { createHistories } from '../histories.js';
import { createTables } from '../tables.js';
import { fanfoldActors } from './actors.js';
import { isOver } from './checkEnding.js';
import type { FanInMutant } from './fanInMutant.js';
import { movesOf } from './moves.js';
import type { Stage } from './perform.js';
import { type Scenario, START } from './scenario.js';
import { step } from './step.js';
import type { World } from './world.js';

/** A stage for one scenario, with nothing remembered yet. */
export function createStage(scenario: Scenario, mutant?: FanInMutant): Stage {
  return {
    scenario,
    actors: fanfoldActors(scenario, mutant),
    tables: createTables(createFanInMemory(), (memory) => {
      const store = memoryFanInStore(memory);
      return mutant?.table?.(store) ?? store;
    }),
    histories: createHistories(),
  };
}

/** The world in which the exploration begins: for a job that is `ready`, after its publisher has done its work. */
export async function firstWorld(stage: Stage): Promise<World> {
  const { scenario, tables } = stage;
  let world: World = {
    clock: START,
    ticks: 0,
    rests: 0,
    table: tables.empty,
    messages: scenario.strays.map((index) => ({ index, receives: 0, place: 'queue' })),
    running: [],
    publisher: { state: 'todo' },
    canceller: { state: scenario.cancels ? 'todo' : 'none' },
    sweepsLeft: scenario.sweeps,
    sent: [],
    truth: '',
    recorded: [],
    delivered: undefined,
    holder: undefined,
  };
  if (scenario.publishing !== 'ready') return world;
  ({ world } = await step(stage, world, { type: 'publish' }));
  while (world.publisher.state !== 'done') {
    const next = movesOf(scenario, world, isOver(stage, world)).ordinary[0];
    if (next === undefined) throw new Error('the job could not be made ready');
    ({ world } = await step(stage, world, next));
  }
  return world;
}
