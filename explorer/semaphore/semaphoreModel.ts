import { isFanfoldError } from '../../src/errors.js';
import type { SemaphoreMemory } from '../../src/fanout/memorySemaphoreStore.js';
import { memorySemaphoreStore } from '../../src/fanout/memorySemaphoreStore.js';
import type { SlotChange } from '../../src/fanout/slots.js';
import { callersModel } from '../callers/callersModel.js';
import { type Ended, type Judged, type Primitive, type Speaker, START } from '../callers/primitive.js';
import { type CallOutcome, outcomes } from '../callOutcome.js';
import type { Mutant, Subject, Violation } from '../model.js';
import type { Call } from '../process.js';
import { semaphoreCallers } from './semaphoreCallers.js';
import { liveHolders, NOTHING_GIVEN, type SemaphoreKnowledge, slotsApplied } from './semaphoreRules.js';
import type { SemaphoreMutation, SemaphoreSetting } from './semaphoreSetting.js';

function outcomesOf(method: string): readonly CallOutcome[] {
  // A read that is lost or repeated is to everybody the same as one that failed or went well.
  return method === 'read' || method === 'work' ? ['ok', 'fail'] : outcomes;
}

const holderOf = ({ wishes }: SemaphoreSetting, caller: string): string =>
  wishes['abcd'.indexOf(caller)]?.holder ?? '';

/** Whether what it was told is so. */
function checkThrown(
  { limit }: SemaphoreSetting,
  knows: SemaphoreKnowledge,
  { process, now, isFaulty }: Ended<SemaphoreMemory>,
  holder: string,
  error: unknown,
): Violation | undefined {
  if (isFanfoldError(error, 'SlotNotFree')) {
    const live = liveHolders(knows, now);
    if (live.length >= limit) return undefined;
    const detail = `${process} was refused, and of ${limit} slots ${live.length} are held`;
    return { rule: 'a free slot is given', detail };
  }
  if (isFanfoldError(error, 'SlotLost')) {
    const { process: owner, until = 0 } = knows.given[holder] ?? {};
    return owner === process && until > now
      ? { rule: 'a lease is heeded', detail: `${process} was told that it lost a slot that it holds` }
      : undefined;
  }
  return isFaulty ? undefined : { rule: 'no unexpected error', detail: `${process} threw ${String(error)}` };
}

function slotEnded(
  setting: SemaphoreSetting,
  knows: SemaphoreKnowledge,
  ended: Ended<SemaphoreMemory>,
): Judged<SemaphoreKnowledge> & { readonly isDone: boolean } {
  const { ending, caller, process, isFaulty } = ended;
  const holder = holderOf(setting, caller);
  if (ending.type === 'threw')
    return { knows, isDone: false, violation: checkThrown(setting, knows, ended, holder, ending.error) };
  const isKept = knows.given[holder]?.process === process && !isFaulty;
  const violation: Violation | undefined = isKept
    ? { rule: 'a slot is given back', detail: `${process} is done, and ${holder} still has its slot` }
    : undefined;
  return { knows, isDone: true, violation };
}

/** Whoever works while its lease runs has a slot, unless another delivery of its message has taken it. */
function checkWork(
  setting: SemaphoreSetting,
  knows: SemaphoreKnowledge,
  { process, caller, now }: Speaker,
  { args }: Call,
): Violation | undefined {
  const holder = holderOf(setting, caller);
  const isOwn = knows.given[holder]?.process === process || knows.voided.includes(process);
  if (Number(args[0]) <= now || isOwn) return undefined;
  return { rule: 'nobody works without a slot', detail: `${process} does so as ${holder}` };
}

/** A call in a few words. */
function say({ method, args }: Call): string {
  if (method === 'work') return `works, and holds its slot until ${Number(args[0]) - START} ms`;
  if (method !== 'change') return `${method}s the semaphore`;
  const change = args[1] as SlotChange;
  switch (change.type) {
    case 'acquired':
      return `takes a slot for ${change.holder} until ${change.lease.until - START} ms (${change.lease.token})`;
    case 'renewed':
      return `renews the slot of ${change.holder} until ${change.until - START} ms (${change.token})`;
    case 'released':
      return `gives the slot of ${change.holder} back (${change.token})`;
    default:
      return `takes away ${change.expired.map(({ holder }) => holder).join(', ')}`;
  }
}

function semaphorePrimitive(
  setting: SemaphoreSetting,
): Primitive<SemaphoreKnowledge, { readonly semaphores: SemaphoreMemory }> {
  return {
    callers: semaphoreCallers(setting),
    ticks: setting.ticks,
    fresh: { semaphores: new Map() },
    open({ semaphores }) {
      const store = memorySemaphoreStore(semaphores);
      return setting.mutant?.table?.(store, semaphores) ?? store;
    },
    knows: NOTHING_GIVEN,
    outcomesOf,
    applied: (knows, { before, after, ...applied }) =>
      slotsApplied(setting.limit, knows, {
        ...applied,
        before: before.semaphores,
        after: after.semaphores,
      }),
    ended: (knows, { memory, ...ended }) =>
      slotEnded(setting, knows, { ...ended, memory: memory.semaphores }),
    gone: ({ given, voided }, process) => ({ given, voided: voided.filter((name) => name !== process) }),
    works: (knows, speaker, call) => checkWork(setting, knows, speaker, call),
    say,
  };
}

export function semaphoreSubject(setting: SemaphoreSetting): Subject {
  const { name, wishes, share } = setting;
  const size = `${wishes.length} callers`;
  return { name, size, share, create: () => callersModel(semaphorePrimitive(setting)) };
}

/** A protocol of semaphores that is broken on purpose, in one place. */
export interface SemaphoreMutant extends SemaphoreMutation {
  readonly name: string;
  readonly wrong: string;
  readonly setting: SemaphoreSetting;
  readonly faults: number;
}

export function semaphoreMutant({ name, wrong, setting, faults, ...mutant }: SemaphoreMutant): Mutant {
  const broken = semaphoreSubject({ ...setting, mutant });
  return { name, wrong, faults, sound: semaphoreSubject(setting), broken };
}
