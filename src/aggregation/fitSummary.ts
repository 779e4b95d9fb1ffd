import { MAX_STATE_BYTES } from '../stepFunctionsJson.js';
import type { CompletionSummary } from './fanIn.js';

/** The summary as Step Functions can take it: metadata that takes it over 256 KiB is left out, or nobody would ever hear of the completion. */
export function fitSummary(summary: CompletionSummary): CompletionSummary {
  const fits = Buffer.byteLength(JSON.stringify(summary)) <= MAX_STATE_BYTES;
  return fits ? summary : { ...summary, metadata: undefined };
}
