import { FanfoldError } from '../errors.js';
import { decodeOutcome } from './encodeOutcome.js';
import type { FanInContext } from './fanInContext.js';
import type { Outcome, OutcomeStatus } from './outcome.js';

/** The largest outcome that the table holds itself, in UTF-8 bytes of its JSON. */
const MAX_INLINE_BYTES = 256 * 1_024;

/** What the table holds of an outcome that lies in the claim-check store. */
interface Claim {
  readonly status: OutcomeStatus;
  readonly claimCheckKey: string;
}

/** Refuses an outcome that is too large for the table where there is no claim-check store. */
export function expectStorable({ claimCheck }: FanInContext, field: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_INLINE_BYTES || claimCheck !== undefined) return;
  const message = `${field}: expected at most ${MAX_INLINE_BYTES} bytes of JSON, got ${bytes}; larger ones need a claimCheck`;
  throw new FanfoldError('InvalidArgument', message);
}

/** The text that the table gets: the outcome itself, or, once the outcome is safely elsewhere, where it lies. */
export async function toStoredText(
  { claimCheck, randomId }: FanInContext,
  id: string,
  index: number,
  text: string,
): Promise<string> {
  if (claimCheck === undefined || Buffer.byteLength(text) <= MAX_INLINE_BYTES) return text;
  // A name of its own for each try: the first one that the table hears of stays, and is never overwritten.
  const claimCheckKey = `${encodeURIComponent(id)}/${index}-${randomId()}.json`;
  await claimCheck.put(claimCheckKey, text);
  const claim: Claim = { status: decodeOutcome(text).status, claimCheckKey };
  return JSON.stringify(claim);
}

/** The outcome behind a text of the table. */
export async function readStoredText<R>({ claimCheck }: FanInContext, text: string): Promise<Outcome<R>> {
  const { claimCheckKey } = JSON.parse(text) as Partial<Claim>;
  if (claimCheckKey === undefined) return decodeOutcome<R>(text);
  if (claimCheck === undefined) {
    throw new FanfoldError(
      'InvalidArgument',
      'claimCheck: expected the store that large results were put into',
    );
  }
  return decodeOutcome<R>(await claimCheck.get(claimCheckKey));
}
