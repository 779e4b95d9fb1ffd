import { createFanIn } from '../../src/aggregation/createFanIn.js';
import { type FanInMemory, memoryFanInStore } from '../../src/aggregation/memoryFanInStore.js';
import type { Violation } from '../model.js';
import type { Stage } from './perform.js';
import { liveMeta } from './rules.js';
import { JOB, type Scenario } from './scenario.js';
import type { World } from './world.js';

const letterOf = { succeeded: 's', failed: 'f', timedOut: 't', cancelled: 'c' } as const;

/** Whether the job needs nobody any more: it is delivered, or there is none. */
export function isOver({ tables }: Stage, world: World): boolean {
  const meta = liveMeta(tables.contents(world.table), world.clock);
  return meta === undefined ? world.publisher.state === 'done' : meta.phase === 'delivered';
}

function describe(memory: FanInMemory, world: World): string {
  const meta = liveMeta(memory, world.clock);
  if (meta === undefined) return 'there is no job';
  const { phase, total, allocated, done } = meta;
  return `the root is ${phase}, total ${total ?? 'unknown'}, allocated ${allocated}, ${done.size} children done; settled: ${world.truth}`;
}

/** What must hold when nothing more happens by itself. */
export async function checkEnding(stage: Stage, world: World): Promise<Violation | undefined> {
  const { scenario, tables } = stage;
  const memory = tables.contents(world.table);
  const meta = liveMeta(memory, world.clock);
  if (meta === undefined) return checkNothingLives(memory, world) ?? checkJobExisted(scenario, world);
  if (meta.phase !== 'delivered' || world.delivered === undefined)
    return { rule: 'every terminal state is delivered', detail: describe(memory, world) };
  return checkReading(scenario, memory, world);
}

function checkNothingLives({ metas, leaves, branches, texts, cursors }: FanInMemory, { clock }: World) {
  for (const shelf of [metas, leaves, branches, texts, cursors]) {
    // Details are written before the root, so that a publisher which dies in between leaves them, until they expire.
    for (const [name, { expiresAt }] of shelf)
      if (expiresAt * 1_000 > clock && !name.endsWith('details'))
        return { rule: 'no ghost item', detail: `${name} outlives its job` };
  }
  return undefined;
}

function checkJobExisted({ expires, publisherReturns }: Scenario, { delivered, sent }: World) {
  const neverBegan = !publisherReturns && sent.length === 0;
  if (expires || neverBegan || delivered !== undefined) return undefined;
  return { rule: 'every terminal state is delivered', detail: 'the job is gone' };
}

/** What the job says of itself afterwards, to somebody who reads it without any fault. */
async function checkReading(
  { storeResults, leafSize }: Scenario,
  memory: FanInMemory,
  { clock, truth, delivered = '' }: World,
): Promise<Violation | undefined> {
  const fanIn = createFanIn({ store: memoryFanInStore(memory), leafSize, now: () => clock });
  const status = await fanIn.status(JOB);
  const told = JSON.parse(delivered) as { counts: object };
  if (JSON.stringify(status?.counts) !== JSON.stringify(told.counts))
    return { rule: 'counts add up', detail: `status says ${JSON.stringify(status?.counts)}` };

  let missing = '';
  for await (const index of fanIn.missing(JOB)) missing += ` ${index}`;
  const allocated = memory.metas.get(JOB)?.value.allocated ?? 0;
  const unsettled = [...truth.padEnd(allocated, '.')]
    .flatMap((letter, index) => (letter === '.' ? ` ${index}` : []))
    .join('');
  if (missing !== unsettled)
    return { rule: 'counts add up', detail: `missing${missing}, expected${unsettled}` };

  if (!storeResults) return undefined;
  const found = new Map<number, string>();
  for await (const { index, outcome } of fanIn.results(JOB)) found.set(index, letterOf[outcome.status]);
  for (const [index, letter] of [...truth].entries()) {
    if (letter !== '.' && found.get(index) !== letter)
      return {
        rule: 'no result lost',
        detail: `${index} was settled as ${letter}, its result is ${found.get(index) ?? 'missing'}`,
      };
  }
  return undefined;
}
