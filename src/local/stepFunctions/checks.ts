import { FanfoldError } from '../../errors.js';
import { MAX_DATA_BYTES } from './limits.js';

const refuse = (code: string, message: string) => new FanfoldError(code, message);

const constraint = (field: string, expected: string) =>
  refuse(
    'ValidationException',
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must ${expected}`,
  );

/** A string of a request, within its length; `undefined` where it is absent. */
export function optionalString(
  request: Readonly<Record<string, unknown>>,
  field: string,
  max: number,
  min = 0,
): string | undefined {
  const value = request[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw refuse('SerializationException', `${field} is not a string`);
  if (value.length > max) throw constraint(field, `have length less than or equal to ${max}`);
  if (value.length < min) throw constraint(field, `have length greater than or equal to ${min}`);
  return value;
}

/** A string that a request must have. */
export function requiredString(
  request: Readonly<Record<string, unknown>>,
  field: string,
  max: number,
): string {
  const value = optionalString(request, field, max, 1);
  if (value === undefined) throw constraint(field, 'not be null');
  return value;
}

/** White space, brackets, wildcards, special and control characters: what AWS allows in no name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const illegal = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\p{Cs}]/u;

/** The name of an execution or a state machine. @throws FanfoldError `InvalidName` · `ValidationException` for its length */
export function checkName(request: Readonly<Record<string, unknown>>): string | undefined {
  const name = optionalString(request, 'name', 80, 1);
  if (name !== undefined && illegal.test(name)) throw refuse('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

/** JSON of at most 256 KiB: over it in characters is a `ValidationException`, in bytes `code`, as is what is no JSON. */
export function checkJson(text: string, field: string, code: string): unknown {
  if (text.length > MAX_DATA_BYTES)
    throw constraint(field, `have length less than or equal to ${MAX_DATA_BYTES}`);
  if (Buffer.byteLength(text) > MAX_DATA_BYTES) {
    throw refuse(code, `The ${field} is over ${MAX_DATA_BYTES} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(code, `Invalid State Machine Execution ${field}: it is not valid JSON`);
  }
}

/** A page of a list: `maxResults` from 1 to 1,000 (0 and none are 100), `nextToken` as the page before gave it. */
export function page<T>(
  request: Readonly<Record<string, unknown>>,
  list: readonly T[],
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const max = Number(request.maxResults ?? 0);
  if (!Number.isInteger(max) || max < 0 || max > 1_000) {
    throw constraint('maxResults', 'be from 0 to 1000');
  }
  const token = optionalString(request, 'nextToken', 1_024, 1) ?? '0';
  if (!/^\d+$/.test(token)) throw refuse('InvalidToken', `Invalid Token: '${token}'`);
  const start = Number(token);
  const end = start + (max || 100);
  return { items: list.slice(start, end), ...(end < list.length ? { nextToken: String(end) } : {}) };
}
