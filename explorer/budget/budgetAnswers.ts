import type { RecordedAmount, ReleasedAmount, ReservedAmount } from '../../src/aggregation/budget.js';
import type { BudgetMemory } from '../../src/aggregation/memoryBudgetStore.js';
import type { Ended, Judged } from '../callers/primitive.js';
import type { Violation } from '../model.js';
import { type BudgetKnowledge, KEY, RELEASE, sumOf } from './budgetRules.js';
import type { BudgetSetting, BudgetWish } from './budgetSetting.js';

/** Whether what a process is told is so. */
function checkAnswer(
  { limit }: BudgetSetting,
  knows: BudgetKnowledge,
  { deed, key, amount }: BudgetWish,
  process: string,
  value: unknown,
): Violation | undefined {
  const { counted, crosser } = knows;
  const atFirst = knows.began[process];
  // It speaks of an earlier life of the budget.
  if (atFirst === undefined) return undefined;
  const isCounted = `${KEY}${key}` in counted;
  const isReleased = `${RELEASE}${key}` in counted;
  const said = `${process} was told ${JSON.stringify(value)}`;
  const untrue = { rule: 'an answer is true', detail: `${said}; what counts is ${JSON.stringify(counted)}` };
  switch (deed) {
    case 'record': {
      const { crossed } = value as RecordedAmount;
      if (!isCounted) return untrue;
      return crossed === (crosser === key)
        ? undefined
        : { rule: 'exactly one key crosses', detail: `${said}, and ${crosser ?? 'no key'} crossed` };
    }
    case 'reserve': {
      const { reserved, released } = value as ReservedAmount;
      if (reserved && atFirst.counted.includes(`${RELEASE}${key}`))
        return { rule: 'a released key stays released', detail: said };
      if (reserved || released) return isCounted && (reserved || isReleased) ? undefined : untrue;
      if (atFirst.counted.includes(`${KEY}${key}`)) return untrue;
      return limit < atFirst.most + amount || isCounted
        ? undefined
        : { rule: 'what fits is reserved', detail: `${said}, and the total was at most ${atFirst.most}` };
    }
    case 'release': {
      const { released } = value as ReleasedAmount;
      return released === isReleased || (!released && !atFirst.counted.includes(`${KEY}${key}`))
        ? undefined
        : untrue;
    }
    default:
      return value === sumOf(knows) ? undefined : untrue;
  }
}

/** A process has ended by itself. */
export function budgetEnded(
  setting: BudgetSetting,
  knows: BudgetKnowledge,
  { ending, process, caller, isFaulty }: Ended<BudgetMemory>,
): Judged<BudgetKnowledge> & { readonly isDone: boolean } {
  const wish = setting.wishes['abcd'.indexOf(caller)];
  if (ending.type === 'answered' && wish !== undefined) {
    const violation = checkAnswer(setting, knows, wish, process, ending.value);
    return { knows, isDone: true, violation };
  }
  const error = ending.type === 'threw' ? String(ending.error) : 'nobody asked';
  return {
    knows,
    isDone: false,
    violation: isFaulty ? undefined : { rule: 'no unexpected error', detail: `${process} threw ${error}` },
  };
}
