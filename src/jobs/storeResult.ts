import { FanfoldError } from '../errors.js';
import { encodeValue } from './encodeValue.js';
import type { JobRecord, StoredResult } from './job.js';
import type { JobContext } from './jobContext.js';

/** What an item of DynamoDB can hold. */
const MAX_ITEM_BYTES = 400 * 1_024;
/** Left for the names and the small attributes of a job's item. */
const RESERVED_BYTES = 8 * 1_024;
/** Two ids stand in the item: in its key and in its place in the index. */
const IDS = 2;

/** The result was made and cannot be kept. */
function unstorable(id: string, why: string, cause?: unknown): FanfoldError {
  const message = `the result of job ${JSON.stringify(id)} cannot be stored: ${why}`;
  return new FanfoldError('UnstorableResult', message, cause === undefined ? {} : { cause });
}

/**
 * Puts a result into the form that it is stored in; one that does not fit beside the input goes to the claim check
 * first, under a key that no other claim writes.
 *
 * @throws FanfoldError `UnstorableResult`.
 */
export async function storeResult(
  { claimCheck }: JobContext,
  { id, input, owner, attempt }: JobRecord,
  value: unknown,
): Promise<StoredResult> {
  let text: string;
  try {
    text = encodeValue('result', value);
  } catch (cause) {
    throw unstorable(id, cause instanceof Error ? cause.message : 'it cannot be read', cause);
  }
  const others = Buffer.byteLength(input) + IDS * Buffer.byteLength(id) + RESERVED_BYTES;
  const room = MAX_ITEM_BYTES - others;
  const bytes = Buffer.byteLength(text);
  if (bytes <= room) return { text };
  if (claimCheck === undefined) {
    throw unstorable(id, `it has ${bytes} bytes, ${room} fit; larger ones need a claimCheck`);
  }
  const claimCheckKey = `${encodeURIComponent(id)}/${attempt}-${owner}`;
  try {
    await claimCheck.put(claimCheckKey, text);
  } catch (cause) {
    throw unstorable(id, 'the claim check did not take it', cause);
  }
  return { claimCheckKey };
}

/**
 * The text of a stored result.
 *
 * @throws FanfoldError `ResultMissing`, retryable: the claim check did not give it, or this process has no claim check.
 */
export async function readResult({ claimCheck }: JobContext, { id, result }: JobRecord): Promise<string> {
  if (result !== undefined && 'text' in result) return result.text;
  const message = `the result of job ${JSON.stringify(id)} is in a claim check, and was not read from there`;
  try {
    const text = result && (await claimCheck?.get(result.claimCheckKey));
    if (text) return text;
  } catch (cause) {
    throw new FanfoldError('ResultMissing', message, { cause, retryable: true });
  }
  throw new FanfoldError('ResultMissing', message, { retryable: true });
}
