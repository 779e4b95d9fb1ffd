import type { ClaimCheck } from 'fanfold';
import { z } from 'zod';
import { resultSchema, type StrategyResult } from './session.js';

/** A result that lies elsewhere: state machines and events hold 256 KiB, of all strategies together. */
const pointerSchema = z.object({ claim_check_key: z.string().min(1).max(1_024) });

/** What a strategy answers a state machine with: its result, or where that is. */
export const answerSchema = z.union([resultSchema, pointerSchema]);
export type StrategyAnswer = z.infer<typeof answerSchema>;

/** Ten results of this size fit into a Map's output. */
export const MAX_INLINE_BYTES = 24 * 1_024;
/** A margin below the 256 KB of an event's entry. */
const MAX_DETAIL_BYTES = 240_000;

const bytesOf = (text: string) => Buffer.byteLength(text);

/** Puts a large result away, and answers with where. */
export async function toAnswer(
  store: ClaimCheck,
  key: string,
  result: StrategyResult,
): Promise<StrategyAnswer> {
  const text = JSON.stringify(result);
  if (bytesOf(text) <= MAX_INLINE_BYTES) return result;
  await store.put(key, text);
  return { claim_check_key: key };
}

/** The result of an answer. */
export async function fromAnswer(store: ClaimCheck, answer: StrategyAnswer): Promise<StrategyResult> {
  if (!('claim_check_key' in answer)) return answer;
  return resultSchema.parse(JSON.parse(await store.get(answer.claim_check_key)));
}

/** Keeps an event's detail within its limit: signals that do not fit are put away, and `signals_data` says where. */
export async function fitDetail<T extends object>(store: ClaimCheck, key: string, detail: T): Promise<T> {
  if (bytesOf(JSON.stringify(detail)) <= MAX_DETAIL_BYTES || !('signals_data' in detail)) return detail;
  await store.put(key, JSON.stringify(detail.signals_data));
  return { ...detail, signals_data: { claim_check_key: key } };
}
