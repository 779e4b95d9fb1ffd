import { FanfoldError } from './errors.js';

/**
 * A value as JSON text. What JSON would leave out is refused, so that it never comes back as `undefined`; the error
 * never shows the value.
 *
 * @throws FanfoldError `InvalidArgument` for what is not JSON: `undefined`, a BigInt, a cycle, a function.
 */
export function toJson(field: string, value: unknown): string {
  let json: string | undefined;
  let cause: unknown;
  try {
    json = JSON.stringify(value);
  } catch (thrown) {
    cause = thrown;
  }
  if (json !== undefined) return json;
  const message = `${field}: expected a JSON value without cycles, BigInts and functions`;
  throw new FanfoldError('InvalidArgument', message, { cause });
}
