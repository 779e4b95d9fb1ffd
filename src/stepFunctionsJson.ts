import { FanfoldError } from './errors.js';
import { toJson } from './toJson.js';

/** The most that Step Functions takes as the input or output of anything, in bytes. */
export const MAX_STATE_BYTES = 262_144;

/**
 * A value as the JSON text that Step Functions takes as input or output. Errors never show the value.
 *
 * @throws FanfoldError `InvalidArgument` for what is not JSON (`undefined`, a BigInt, a cycle, a function) or over 256 KiB.
 */
export function toStepFunctionsJson(field: string, value: unknown): string {
  const json = toJson(field, value);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_STATE_BYTES) return json;
  const message = `${field}: expected at most ${MAX_STATE_BYTES} bytes of JSON, which is Step Functions' limit, got ${bytes}; pass a pointer to it instead`;
  throw new FanfoldError('InvalidArgument', message);
}
