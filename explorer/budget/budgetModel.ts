import type { BudgetOperation, BudgetState } from '../../src/aggregation/budgetState.js';
import { type BudgetMemory, memoryBudgetStore } from '../../src/aggregation/memoryBudgetStore.js';
import { callersModel } from '../callers/callersModel.js';
import type { Primitive } from '../callers/primitive.js';
import { type CallOutcome, outcomes } from '../callOutcome.js';
import type { Mutant, Subject } from '../model.js';
import type { Call } from '../process.js';
import { budgetEnded } from './budgetAnswers.js';
import { budgetCallers } from './budgetCallers.js';
import { type BudgetKnowledge, budgetApplied, NOTHING_COUNTED, sumOf } from './budgetRules.js';
import type { BudgetMutation, BudgetSetting } from './budgetSetting.js';

function outcomesOf(method: string): readonly CallOutcome[] {
  if (method === 'sleep') return ['ok'];
  // A read that is lost or repeated is to everybody the same as one that failed or went well.
  return method.startsWith('read') ? ['ok', 'fail'] : outcomes;
}

/** A call in a few words. */
function say({ method, args }: Call): string {
  const [, second, third] = args;
  switch (method) {
    case 'sleep':
      return 'waits for room';
    case 'count': {
      const { operation, amount, seen, mostPending: _, ...rest } = second as BudgetOperation;
      return `counts ${operation} with ${amount} in epoch ${seen.epoch}: ${JSON.stringify(rest)}`;
    }
    case 'flush':
      return `lets ${JSON.stringify(third)} leave epoch ${(second as BudgetState).epoch}`;
    case 'putMarker':
      return `writes the marker of ${second}: ${third}`;
    case 'readMarker':
      return `reads the marker of ${second}`;
    default:
      return `${method}s the budget`;
  }
}

function budgetPrimitive(setting: BudgetSetting): Primitive<BudgetKnowledge, BudgetMemory> {
  return {
    callers: budgetCallers(setting),
    ticks: setting.ticks,
    fresh: { budgets: new Map(), markers: new Map() },
    open(memory) {
      const store = memoryBudgetStore(memory);
      return setting.mutant?.table?.(store, memory) ?? store;
    },
    knows: NOTHING_COUNTED,
    outcomesOf,
    began: (knows, { process }) => {
      const at = { counted: Object.keys(knows.counted), most: sumOf(knows) };
      return { ...knows, began: { ...knows.began, [process]: at } };
    },
    applied: (knows, applied) => budgetApplied(setting, knows, applied),
    ended: (knows, ended) => budgetEnded(setting, knows, ended),
    gone(knows, process) {
      const { [process]: _, ...began } = knows.began;
      return { ...knows, began };
    },
    say,
  };
}

export function budgetSubject(setting: BudgetSetting): Subject {
  const { name, wishes, share } = setting;
  const size = `${wishes.length} callers`;
  return { name, size, share, create: () => callersModel(budgetPrimitive(setting)) };
}

/** A protocol of budgets that is broken on purpose, in one place. */
export interface BudgetMutant extends BudgetMutation {
  readonly name: string;
  readonly wrong: string;
  readonly setting: BudgetSetting;
  readonly faults: number;
}

export function budgetMutant({ name, wrong, setting, faults, ...mutant }: BudgetMutant): Mutant {
  const broken = budgetSubject({ ...setting, mutant });
  return { name, wrong, faults, sound: budgetSubject(setting), broken };
}
