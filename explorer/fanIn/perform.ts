import type { LeafWrite } from '../../src/aggregation/fanInNode.js';
import type { FanInMemory } from '../../src/aggregation/memoryFanInStore.js';
import { openEnvelope } from '../../src/envelope.js';
import type { Answered } from '../applyCall.js';
import { canonical } from '../canonical.js';
import type { Histories } from '../histories.js';
import type { Stepped as SteppedTo, Violation } from '../model.js';
import type { Call } from '../process.js';
import { type Tables, toAnswer } from '../tables.js';
import type { Actors } from './actors.js';
import { checkWrite, liveMeta, recordTruth } from './rules.js';
import { LEASE_MS, type Scenario } from './scenario.js';
import type { Message, Running, World } from './world.js';

/** What a step works with. */
export interface Stage {
  readonly scenario: Scenario;
  readonly actors: Actors;
  readonly tables: Tables<FanInMemory>;
  readonly histories: Histories;
}

export type Stepped = SteppedTo<World>;

/** Does what a call asks for. */
export async function perform(
  { scenario, tables }: Stage,
  world: World,
  running: Running,
  call: Call,
): Promise<Answered<World>> {
  const { method, args } = call;
  if (method === 'send') {
    const sent = (args[0] as string[]).map((body) => openEnvelope(JSON.parse(body)).fanIn?.index ?? 0);
    const messages = sent.map((index): Message => ({ index, receives: 0, place: 'queue' }));
    const everSent = [...new Set([...world.sent, ...sent])].sort((a, b) => a - b);
    return {
      world: { ...world, sent: everSent, messages: [...world.messages, ...messages] },
      answer: toAnswer(undefined),
    };
  }
  if (method === 'onComplete')
    return { ...deliver(tables, world, running, args[0] as object), answer: toAnswer(undefined) };

  const { state, answer } = await tables.call(world.table, call);
  let { truth } = world;
  if (method === 'addToLeaf' && answer.ok && (answer.value as { applied: boolean }).applied) {
    const [, leaf, write, leafSize] = args as [string, number, LeafWrite, number];
    truth = recordTruth(truth, write, leaf, leafSize);
  }
  const changed = { ...world, table: state, truth };
  const violation =
    state === world.table
      ? undefined
      : checkWrite(scenario, tables.contents(world.table), tables.contents(state), truth, world.clock);
  return { world: changed, violation, answer };
}

/** `onComplete` is told. */
function deliver(
  tables: Tables<FanInMemory>,
  world: World,
  { name, leasedUntil }: Running,
  summary: object,
): Stepped {
  const { clock, holder } = world;
  const told = tellingOf(summary);
  const meta = liveMeta(tables.contents(world.table), clock);
  const decided = meta?.decision && tellingOf(meta.decision);
  let violation: Violation | undefined;
  if (world.delivered !== undefined && world.delivered !== told)
    violation = { rule: 'at most one decision', detail: `told ${world.delivered}, then ${told}` };
  else if (meta !== undefined && decided !== told)
    violation = { rule: 'no early decision', detail: `told ${told}, decided is ${decided ?? 'nothing'}` };
  // One whose own lease has run out is slow, not wrong: delivery is at least once.
  const until = leasedUntil ?? clock + LEASE_MS;
  if (until <= clock) return { world: { ...world, delivered: told }, violation };
  if (holder !== undefined && holder.name !== name && holder.until > clock)
    violation ??= {
      rule: 'one delivery at a time',
      detail: `${name} delivers while ${holder.name} holds the lease`,
    };
  return { world: { ...world, delivered: told, holder: { name, until } }, violation };
}

/** What every delivery of one decision has in common. */
function tellingOf(summary: object): string {
  const { counts, completionReason, deliveryId, decidedAt } = summary as Record<string, unknown>;
  return canonical({ counts, completionReason, deliveryId, decidedAt });
}
