import { FanfoldError } from '../errors.js';
import { toJson } from '../toJson.js';
import type { Metadata } from './fanIn.js';

/** What lies beside the root, so that the root stays small. */
export interface Details {
  readonly taskToken?: string;
  readonly metadata?: Metadata;
}

const MAX_DETAILS_BYTES = 256 * 1_024;

/** The details as text. @throws FanfoldError `InvalidArgument` for metadata that is not JSON, or too large. */
export function encodeDetails(details: Details): string {
  const text = toJson('metadata', details);
  if (Buffer.byteLength(text) > MAX_DETAILS_BYTES) {
    throw new FanfoldError(
      'InvalidArgument',
      `metadata: expected at most ${MAX_DETAILS_BYTES} bytes of JSON`,
    );
  }
  return text;
}

export function decodeDetails(text: string | undefined): Details {
  return text === undefined ? {} : (JSON.parse(text) as Details);
}
