import { FanfoldError } from './errors.js';

const SHOWN_CHARACTERS = 60;

/** Untrusted input as it may stand in an error message: one line, escaped, short. */
function show(value: unknown): string {
  if (typeof value === 'string') {
    const shown = JSON.stringify(value.slice(0, SHOWN_CHARACTERS));
    return value.length > SHOWN_CHARACTERS ? `${shown}… (${value.length} characters)` : shown;
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : typeof value;
}

/** An `InvalidArgument` that names the field, what was expected, and what came instead. */
export function invalidArgument(field: string, expected: string, got: unknown): FanfoldError {
  return new FanfoldError('InvalidArgument', `${field}: expected ${expected}, got ${show(got)}`);
}

/** Refuses what is not a number, of a kind that `isKind` knows, from `min` to `max`, both included. */
function expectRange(
  field: string,
  value: unknown,
  [kind, isKind]: readonly [string, (value: unknown) => boolean],
  min: number,
  max = Infinity,
): void {
  if (isKind(value) && (value as number) >= min && (value as number) <= max) return;
  const bounds = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  throw invalidArgument(field, `${kind} ${bounds}`, value);
}

const INTEGER = ['an integer', Number.isSafeInteger] as const;
const NUMBER = ['a number', Number.isFinite] as const;

/** Refuses what is not an integer from `min` to `max`, both included. */
export function expectInteger(field: string, value: unknown, min: number, max?: number): void {
  expectRange(field, value, INTEGER, min, max);
}

/** Refuses what is not a finite number from `min` to `max`, both included. */
export function expectNumber(field: string, value: unknown, min: number, max?: number): void {
  expectRange(field, value, NUMBER, min, max);
}

/** Refuses a value that is not what it must be; `field` names it in the message. */
export type Rule = (field: string, value: unknown) => void;

/** {@link expectInteger} as a rule. */
export const integer =
  (min: number, max?: number): Rule =>
  (field, value) =>
    expectInteger(field, value, min, max);

/** {@link expectNumber} as a rule. */
export const number =
  (min: number, max?: number): Rule =>
  (field, value) =>
    expectNumber(field, value, min, max);

/** Refuses an object of which a field breaks its rule; what is `undefined` breaks none. */
export function expectFields<T extends object>(
  object: T,
  rules: { readonly [Field in keyof T]?: Rule },
  at = '',
): void {
  for (const [field, rule] of Object.entries<Rule | undefined>(rules)) {
    const value = object[field as keyof T];
    if (value !== undefined) rule?.(at + field, value);
  }
}

/** Refuses what cannot be called. */
export function expectFunction(field: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgument(field, 'a function', value);
}

/** Refuses what is not an `AbortSignal`; `undefined` passes. */
export function expectSignal(field: string, value: unknown): void {
  if (value === undefined || value instanceof AbortSignal) return;
  throw invalidArgument(field, 'an AbortSignal', value);
}

/** The longest id that fanfold takes, in UTF-16 code units: two of them fit in a DynamoDB key of 2,048 bytes. */
export const MAX_ID_LENGTH = 256;

/** Refuses an id that is empty, blank, too long, or holds control characters or lone surrogates. */
export function expectId(field: string, value: unknown): void {
  const fits = typeof value === 'string' && value.length <= MAX_ID_LENGTH && value.trim() !== '';
  if (fits && !/[\p{Cc}\p{Cs}]/u.test(value)) return;
  throw invalidArgument(
    field,
    `a non-blank string of at most ${MAX_ID_LENGTH} characters without control characters`,
    value,
  );
}
