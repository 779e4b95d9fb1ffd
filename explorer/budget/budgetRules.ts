import type { BudgetOperation, BudgetState } from '../../src/aggregation/budgetState.js';
import type { BudgetMemory } from '../../src/aggregation/memoryBudgetStore.js';
import { key as nameOf } from '../../src/table.js';
import type { Applied, Judged } from '../callers/primitive.js';
import type { Violation } from '../model.js';
import { BUDGET } from './budgetCallers.js';
import type { BudgetSetting } from './budgetSetting.js';

/** What is known of the present life of the budget. */
export interface BudgetKnowledge {
  /** What each operation added; `release:key` is an operation of its own. */
  readonly counted: Readonly<Record<string, number>>;
  /** The key whose operation first took the total over the limit. */
  readonly crosser?: string;
  /** Of each process that began in this life: what was counted then, and the largest total since. */
  readonly began: Readonly<Record<string, { readonly counted: readonly string[]; readonly most: number }>>;
}

export const NOTHING_COUNTED: BudgetKnowledge = { counted: {}, began: {} };

export const KEY = 'add:';
export const RELEASE = 'release:';

export const sumOf = ({ counted }: Pick<BudgetKnowledge, 'counted'>): number =>
  Object.values(counted).reduce((sum, amount) => sum + amount, 0);

export const stateIn = ({ budgets }: BudgetMemory): BudgetState | undefined => budgets.get(BUDGET);

/** What the budget and its markers must be, whoever wrote. */
function checkState(
  { maxPending }: BudgetSetting,
  knows: BudgetKnowledge,
  memory: BudgetMemory,
  process: string,
): Violation | undefined {
  const state = stateIn(memory);
  if (state === undefined) return undefined;
  if (state.total !== sumOf(knows)) {
    const detail = `the total is ${state.total} by ${process}, and the sum of what counts is ${sumOf(knows)}`;
    return { rule: 'the total is the sum', detail };
  }
  if (state.pending.size > maxPending)
    return { rule: 'the item stays small', detail: `${state.pending.size} operations are pending` };
  for (const [operation, amount] of Object.entries(knows.counted)) {
    const marker = memory.markers.get(nameOf(BUDGET, state.expiresAt, operation));
    if ((state.pending.get(operation) ?? marker) === amount) continue;
    const detail = `${operation} counts with ${amount}, and is neither pending nor marked so after ${process}`;
    return { rule: 'nothing that counts is forgotten', detail };
  }
  return undefined;
}

function checkCount(
  { limit, wishes }: BudgetSetting,
  { counted }: BudgetKnowledge,
  process: string,
  { operation, amount }: BudgetOperation,
): Violation | undefined {
  if (operation in counted)
    return { rule: 'a key counts once', detail: `${process} counted ${operation} again` };
  const total = sumOf({ counted }) + amount;
  const added = counted[`${KEY}${operation.slice(RELEASE.length)}`];
  const isRelease = operation.startsWith(RELEASE);
  if (isRelease && (added === undefined || amount !== 0 - added)) {
    const detail = `${process} gave back ${0 - amount} for ${operation}, which was counted with ${added}`;
    return { rule: 'what was counted is given back', detail };
  }
  const isCap = wishes.every(({ deed }) => deed !== 'record');
  return isCap && total > limit
    ? { rule: 'a reserve never passes the limit', detail: `the total is ${total} of ${limit} by ${process}` }
    : undefined;
}

/** A call changed the table. */
export function budgetApplied(
  setting: BudgetSetting,
  knows: BudgetKnowledge,
  { call, process, before, after }: Applied<BudgetMemory>,
): Judged<BudgetKnowledge> {
  // A new life of the budget knows nothing of the one before, except the process that began it.
  if (call.method === 'create') {
    const isFirst = stateIn(before) === undefined;
    return { knows: isFirst ? knows : { counted: {}, began: { [process]: { counted: [], most: 0 } } } };
  }
  if (call.method !== 'count') return { knows, violation: checkState(setting, knows, after, process) };
  const wanted = call.args[1] as BudgetOperation;
  const violation = checkCount(setting, knows, process, wanted);
  if (violation !== undefined) return { knows, violation };
  const counted = { ...knows.counted, [wanted.operation]: wanted.amount };
  const total = sumOf({ counted });
  const crosses = knows.crosser === undefined && total > setting.limit;
  const began = Object.entries(knows.began).map(([name, { most, ...at }]) => [
    name,
    { ...at, most: Math.max(most, total) },
  ]);
  const learned: BudgetKnowledge = {
    ...knows,
    counted,
    began: Object.fromEntries(began),
    ...(crosses ? { crosser: wanted.operation.slice(KEY.length) } : {}),
  };
  return { knows: learned, violation: checkState(setting, learned, after, process) };
}
