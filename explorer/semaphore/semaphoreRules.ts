import type { SemaphoreMemory } from '../../src/fanout/memorySemaphoreStore.js';
import type { SlotChange, Slots } from '../../src/fanout/slots.js';
import { type Applied, type Judged, START } from '../callers/primitive.js';
import type { Violation } from '../model.js';
import { SEMAPHORE } from './semaphoreCallers.js';

/** A process that was given a slot, and until when it asked for it. */
interface Given {
  readonly process: string;
  readonly until: number;
}

export interface SemaphoreKnowledge {
  /** By holder. */
  readonly given: Readonly<Record<string, Given>>;
  /** Processes whose slot another acquisition of the same holder took: they are told when they renew. */
  readonly voided: readonly string[];
}

export const NOTHING_GIVEN: SemaphoreKnowledge = { given: {}, voided: [] };

export function slotsIn(memory: SemaphoreMemory): Slots {
  return memory.get(SEMAPHORE)?.slots ?? new Map();
}

/** Whose leases have not run out. */
export function liveHolders({ given }: SemaphoreKnowledge, now: number): string[] {
  return Object.keys(given).filter((holder) => (given[holder]?.until ?? 0) > now);
}

/** Whether this process may do to each slot what it did. */
function checkSlots(
  knows: SemaphoreKnowledge,
  { process, call, before, after, now }: Applied<SemaphoreMemory>,
  change: SlotChange,
): Violation | undefined {
  const is = slotsIn(after);
  for (const [holder, { token, until }] of slotsIn(before)) {
    const slot = is.get(holder);
    if (slot?.token === token && slot.until === until) continue;
    const known = knows.given[holder];
    const isOwn = known?.process === process;
    const isOver = (known?.until ?? 0) <= Number(call.args.at(-1));
    if (change.type === 'acquired' || change.type === 'evicted') {
      const isTakenAnew = change.type === 'acquired' && change.holder === holder;
      if (isTakenAnew || isOver) continue;
      return {
        rule: 'a lease is heeded',
        detail: `${process} took the slot of ${holder} away at ${now - START} ms`,
      };
    }
    if (isOwn) continue;
    const rule =
      change.type === 'released' ? 'nobody frees the slot of another' : 'nobody renews the slot of another';
    return { rule, detail: `${process} did so to ${holder}, whose slot is ${known?.process ?? 'nobody'}'s` };
  }
  return undefined;
}

function learn(
  { given, voided }: SemaphoreKnowledge,
  process: string,
  change: SlotChange,
  after: SemaphoreMemory,
): SemaphoreKnowledge {
  const standing = Object.fromEntries(Object.entries(given).filter(([holder]) => slotsIn(after).has(holder)));
  if (change.type === 'renewed')
    return { given: { ...standing, [change.holder]: { process, until: change.until } }, voided };
  if (change.type !== 'acquired') return { given: standing, voided };
  const earlier = given[change.holder]?.process;
  return {
    given: { ...standing, [change.holder]: { process, until: change.lease.until } },
    voided: earlier === undefined ? voided : [...voided, earlier],
  };
}

/** A call changed the table. */
export function slotsApplied(
  limit: number,
  knows: SemaphoreKnowledge,
  applied: Applied<SemaphoreMemory>,
): Judged<SemaphoreKnowledge> {
  const { call, process, after, now } = applied;
  if (call.method !== 'change') return { knows };
  const change = call.args[1] as SlotChange;
  const violation = checkSlots(knows, applied, change);
  if (violation !== undefined) return { knows, violation };
  const known = learn(knows, process, change, after);
  const live = liveHolders(known, now);
  if (live.length > limit) {
    const detail = `${live.join(', ')} hold a slot, and ${limit} may`;
    return { knows: known, violation: { rule: 'never more holders than the limit', detail } };
  }
  if (slotsIn(after).size > limit) {
    const detail = `${slotsIn(after).size} leases are kept for ${limit} slots`;
    return { knows: known, violation: { rule: 'the item stays small', detail } };
  }
  return { knows: known };
}
