import { invalidArgument } from '../../arguments.js';
import { isObject } from '../asObject.js';

/** A value that an event may have, compared as it is. */
export type PatternValue = string | number | boolean | null;

/**
 * Which events a rule is for: the values that each field may have, and fields within fields. Only exact values: no
 * `prefix`, `anything-but`, `numeric`, `exists` or `$or`.
 */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly PatternValue[];
}

/** What an event has; a pattern that names anything else can never match. */
const EVENT_FIELDS: readonly string[] = [
  ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
];

function isExact(value: unknown): value is PatternValue {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function expectFields(at: string, pattern: unknown): void {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw invalidArgument(at, 'an object with a field', pattern);
  for (const [field, wanted] of Object.entries(pattern)) {
    const name = `${at}.${field}`;
    if (!Array.isArray(wanted)) expectFields(name, wanted);
    else if (wanted.length === 0 || !wanted.every(isExact)) {
      const expected =
        'an array of exact values (prefix, anything-but, numeric and the like do not run here)';
      throw invalidArgument(name, expected, wanted.find((value) => !isExact(value)) ?? wanted);
    }
  }
}

/** Refuses what is no pattern, and what of EventBridge's patterns does not run here. */
export function expectPattern(at: string, pattern: unknown): void {
  expectFields(at, pattern);
  for (const field of Object.keys(Object(pattern))) {
    if (!EVENT_FIELDS.includes(field))
      throw invalidArgument(at, `fields of ${EVENT_FIELDS.join(', ')}`, field);
  }
}

/** Whether an event has, in every field of the pattern, one of its values; of a list one of its elements. Pure. */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  if (!isObject(event)) return false;
  return Object.entries(pattern).every(([field, wanted]) => {
    if (!Object.hasOwn(event, field)) return false;
    const found = event[field];
    if (!Array.isArray(wanted)) return matchesPattern(wanted as EventPattern, found);
    return (Array.isArray(found) ? found : [found]).some((value) => wanted.includes(value));
  });
}
