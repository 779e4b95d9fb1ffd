import { isJsonObject, ownField } from './ownField.js';

/** What a state machine says of itself beside the payload. */
export interface StepFunctionsMark {
  /** `$$.Execution.Id`: the execution's ARN. */
  readonly executionId?: string;
  /** `$$.Task.Token`, in `.waitForTaskToken` states only. A credential: never log it. */
  readonly taskToken?: string;
}

/** An input with its mark taken off. */
export interface Unmarked {
  readonly stepFunctions?: StepFunctionsMark;
  readonly payload: unknown;
}

/**
 * Takes the `stepFunctions` mark off a payload. It counts only as an object: any other value under that name is a
 * field of the user's. What stands beside it is the payload; if that is one field named `payload`, then its value is
 * (the only way to mark an array or a string).
 *
 * @example
 * ```ts
 * readStepFunctionsMark({ stepFunctions: { executionId: 'arn:…' }, ticker: 'AMZN' });
 * // { stepFunctions: { executionId: 'arn:…' }, payload: { ticker: 'AMZN' } }
 * ```
 */
export function readStepFunctionsMark(value: unknown): Unmarked {
  if (!isJsonObject(value)) return { payload: value };
  const mark = ownField(value, 'stepFunctions');
  if (!isJsonObject(mark)) return { payload: value };
  const executionId = ownField(mark, 'executionId');
  const taskToken = ownField(mark, 'taskToken');
  const { stepFunctions: _, ...rest } = value;
  const isWrapped = Object.hasOwn(rest, 'payload') && Object.keys(rest).length === 1;
  return {
    stepFunctions: {
      ...(typeof executionId === 'string' ? { executionId } : {}),
      ...(typeof taskToken === 'string' ? { taskToken } : {}),
    },
    payload: isWrapped ? rest.payload : rest,
  };
}
