import { expectInteger, expectNumber, invalidArgument } from '../arguments.js';

/** How far two numbers may be apart: at most this much, or, relative, this part of the larger one. */
export type Tolerance = number | { readonly absolute?: number; readonly relative?: number };

/** What {@link compareOutcomes} takes. */
export interface CompareOptions {
  /**
   * Tolerances by field: the end of a path, its parts joined by dots, `*` for any one part. `total` is for every field
   * of that name, `allocation.*` for all within an allocation. The longest that fits is used. @default equal
   */
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  /** Fields that are not looked at, written alike. @default none */
  readonly ignore?: readonly string[];
  /** The most differences that are listed; all are counted. @default 100 */
  readonly maxDifferences?: number;
}

/** One place where two results differ. */
export interface Difference {
  /** Where, such as `3.value.total`; empty for the whole. */
  readonly path: string;
  readonly reason: 'missing' | 'extra' | 'type' | 'value' | 'tolerance';
  readonly a: unknown;
  readonly b: unknown;
}

/** What came of a comparison. */
export interface Comparison {
  readonly equal: boolean;
  readonly differences: readonly Difference[];
  /** How many there are, listed or not. */
  readonly differenceCount: number;
  /** How many values were looked at. */
  readonly compared: number;
}

type Pattern = readonly string[];

function fits(pattern: Pattern, path: readonly string[]): boolean {
  const offset = path.length - pattern.length;
  return offset >= 0 && pattern.every((part, i) => part === '*' || part === path[offset + i]);
}

function isWithin(tolerance: Tolerance, a: number, b: number): boolean {
  const { absolute = 0, relative = 0 } = typeof tolerance === 'number' ? { absolute: tolerance } : tolerance;
  const distance = Math.abs(a - b);
  if (!Number.isFinite(distance)) return false;
  return distance <= absolute || distance <= relative * Math.max(Math.abs(a), Math.abs(b));
}

/** What a collection holds, in its order, because it has no fields. */
const contents = (value: object): object =>
  value instanceof Map || value instanceof Set ? [...value] : value;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return value instanceof Date ? 'date' : typeof value;
}

function checkTolerances(tolerances: Readonly<Record<string, Tolerance>>): void {
  for (const [field, tolerance] of Object.entries(tolerances)) {
    const at = `tolerances.${field}`;
    if (typeof tolerance === 'number') expectNumber(at, tolerance, 0);
    else if (typeof tolerance !== 'object' || tolerance === null)
      throw invalidArgument(at, 'a number or { absolute, relative }', tolerance);
    else {
      expectNumber(`${at}.absolute`, tolerance.absolute ?? 0, 0);
      expectNumber(`${at}.relative`, tolerance.relative ?? 0, 0);
    }
  }
}

/**
 * Compares two results of the same work, such as the outcomes of an old and a new path, and says where they differ:
 * lists by position, objects by field, numbers within their tolerance. A field that is `undefined` is as good as
 * missing. The differences hold the values: mind what you log.
 *
 * @throws FanfoldError `InvalidArgument` for a tolerance that is negative or no number.
 * @example
 * ```ts
 * const { equal, differences } = compareOutcomes(before, after, { tolerances: { weight: 0.001 }, ignore: ['computedAt'] });
 * ```
 */
export function compareOutcomes(a: unknown, b: unknown, options: CompareOptions = {}): Comparison {
  const { tolerances = {}, ignore = [], maxDifferences = 100 } = options;
  checkTolerances(tolerances);
  expectInteger('maxDifferences', maxDifferences, 0);
  const ignored = ignore.map((field) => field.split('.'));
  const tolerated = Object.entries(tolerances)
    .map(([field, tolerance]) => ({ pattern: field.split('.'), tolerance }))
    .sort((left, right) => right.pattern.length - left.pattern.length);
  const differences: Difference[] = [];
  const inside = new Set<unknown>();
  let differenceCount = 0;
  let compared = 0;

  const differ = (path: readonly string[], reason: Difference['reason'], left: unknown, right: unknown) => {
    differenceCount += 1;
    if (differences.length < maxDifferences)
      differences.push({ path: path.join('.'), reason, a: left, b: right });
  };
  const compare = (left: unknown, right: unknown, path: readonly string[]): void => {
    if (ignored.some((pattern) => fits(pattern, path))) return;
    compared += 1;
    if (Object.is(left, right) || left === right) return;
    if (left === undefined || right === undefined) {
      differ(path, left === undefined ? 'extra' : 'missing', left, right);
      return;
    }
    if (kindOf(left) !== kindOf(right)) {
      differ(path, 'type', left, right);
      return;
    }
    if (typeof left === 'number' && typeof right === 'number') {
      const found = tolerated.find(({ pattern }) => fits(pattern, path));
      if (found !== undefined && isWithin(found.tolerance, left, right)) return;
      differ(path, found === undefined ? 'value' : 'tolerance', left, right);
      return;
    }
    if (left instanceof Date && right instanceof Date) {
      if (left.getTime() !== right.getTime()) differ(path, 'value', left, right);
      return;
    }
    if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
      differ(path, 'value', left, right);
      return;
    }
    // A cycle was looked at where it began.
    if (inside.has(left)) return;
    inside.add(left);
    const [inLeft, inRight] = [contents(left), contents(right)];
    for (const name of new Set([...Object.keys(inLeft), ...Object.keys(inRight)]))
      compare(Reflect.get(inLeft, name), Reflect.get(inRight, name), [...path, name]);
    inside.delete(left);
  };
  compare(a, b, []);
  return { equal: differenceCount === 0, differences, differenceCount, compared };
}
