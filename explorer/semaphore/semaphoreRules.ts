import type { SemaphoreMemory } from '../../src/fanout/memorySemaphoreStore.js';
import type { SlotChange, Slots } from '../../src/fanout/slots.js';
import type { Applied, Judged } from '../callers/primitive.js';
import type { Violation } from '../model.js';
import { SEMAPHORE } from './semaphoreCallers.js';

/** Who was given a slot, by holder: the process, and until when it asked for it. */
export type SemaphoreKnowledge = Readonly<
  Record<string, { readonly process: string; readonly until: number }>
>;

export function slotsIn(memory: SemaphoreMemory): Slots {
  return memory.get(SEMAPHORE)?.slots ?? new Map();
}

/** Whose leases have not run out. */
export function liveHolders(knows: SemaphoreKnowledge, now: number): string[] {
  return Object.keys(knows).filter((holder) => (knows[holder]?.until ?? 0) > now);
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
    const known = knows[holder];
    const isOwn = known?.process === process;
    const isOver = (known?.until ?? 0) <= Number(call.args.at(-1));
    if (change.type === 'acquired' || change.type === 'evicted') {
      const isTakenAnew = change.type === 'acquired' && change.holder === holder;
      if (isTakenAnew || isOver) continue;
      return { rule: 'a lease is heeded', detail: `${process} took the slot of ${holder} away at ${now}` };
    }
    if (isOwn) continue;
    const rule =
      change.type === 'released' ? 'nobody frees the slot of another' : 'nobody renews the slot of another';
    return { rule, detail: `${process} did so to ${holder}, whose slot is ${known?.process ?? 'nobody'}'s` };
  }
  return undefined;
}

function learn(
  knows: SemaphoreKnowledge,
  process: string,
  change: SlotChange,
  after: SemaphoreMemory,
): SemaphoreKnowledge {
  const standing = Object.entries(knows).filter(([holder]) => slotsIn(after).has(holder));
  const left = Object.fromEntries(standing);
  if (change.type === 'acquired') return { ...left, [change.holder]: { process, until: change.lease.until } };
  if (change.type === 'renewed') return { ...left, [change.holder]: { process, until: change.until } };
  return left;
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
