import type { Outcome } from 'fanfold';
import type { ItemResult } from '../child/connect.js';
import { kindOf } from '../itemKind.js';
import type { Ledger } from './ledger.js';

const reasons = { permanent: 'Permanent', refused: 'Refused', tooLong: 'MessageTooLong' } as const;

/** What is wrong with how an item ended; `undefined` when it ended as it had to. */
export function checkItem(
  { plan, received, deadLettered }: Pick<Ledger, 'plan' | 'received' | 'deadLettered'>,
  index: number,
  outcome: Outcome<ItemResult>,
): string | undefined {
  const kind = kindOf(plan.seed, index);
  const about = `item ${index} (${kind}) ${outcome.status}`;
  if (outcome.status === 'cancelled') return `${about}, which nobody asked for`;
  if (outcome.status === 'timedOut')
    return plan.mode === 'abandoned' ? undefined : `${about} without a deadline`;
  const isUnsent = kind === 'refused' || kind === 'tooLong';
  if (isUnsent && received.has(index)) return `${about} though it was never to be published`;
  if (outcome.status === 'succeeded') {
    if (isUnsent || kind === 'permanent' || kind === 'hopeless') return `${about}, which it cannot`;
    if (!received.has(index)) return `${about} though no worker received it`;
    return outcome.value.item === index
      ? undefined
      : `${about} with the result of item ${outcome.value.item}`;
  }
  if (deadLettered.has(index)) return undefined;
  if (kind === 'hopeless' || !(kind in reasons)) return `${about} though it was not dead-lettered`;
  const expected = reasons[kind as keyof typeof reasons];
  return outcome.error.code === expected ? undefined : `${about} for ${outcome.error.code}, not ${expected}`;
}
