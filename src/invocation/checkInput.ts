import { invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import type { StandardSchema, StandardSchemaIssue, StandardSchemaResult } from './standardSchema.js';

/** Enough to find the mistake; a batch of wrong fields is not worth a page. */
const SHOWN_ISSUES = 3;

/** What a schema answers; a promise when it checks asynchronously. */
export type Check<Input> = (
  value: unknown,
) => StandardSchemaResult<Input> | Promise<StandardSchemaResult<Input>>;

/** Takes the check out of a schema once, because some libraries build it each time it is read. */
export function toCheck<Input>(field: string, schema: StandardSchema<unknown, Input>): Check<Input> {
  const candidate: { '~standard'?: { validate?: unknown } } | null | undefined = schema;
  const props = candidate?.['~standard'];
  if (typeof props?.validate !== 'function') {
    throw invalidArgument(field, 'a Standard Schema (Zod 3.24 or newer, Valibot, ArkType, …)', schema);
  }
  const standard = schema['~standard'];
  return (value) => standard.validate(value);
}

function describe({ path = [], message }: StandardSchemaIssue): string {
  const name = path
    .map((segment) => String(typeof segment === 'object' && segment !== null ? segment.key : segment))
    .join('.');
  return name === '' ? message : `${name}: ${message}`;
}

/** The permanent failure of an input that its schema refused, naming the fields. */
export function invalidInput(issues: readonly StandardSchemaIssue[]): FanfoldError {
  const shown = issues.slice(0, SHOWN_ISSUES).map(describe).join('; ');
  const more = issues.length > SHOWN_ISSUES ? `; and ${issues.length - SHOWN_ISSUES} more` : '';
  return new FanfoldError('InvalidInput', `${shown}${more}` || 'the schema refused it');
}
