import { invalidArgument } from '../arguments.js';
import { FanfoldError } from '../errors.js';
import type { Invocation } from './detectInvocation.js';
import { openInput } from './openBody.js';
import { isJsonObject } from './ownField.js';
import type { WorkItem } from './processContext.js';
import { type ItemResult, toFailure } from './runItem.js';

/** One input of a direct call: the work in it, or why there is none. */
export interface DirectInput {
  /** As it came, without an envelope or a mark around it. */
  readonly input: unknown;
  /** Whether it says that it belongs to a fan-in. */
  readonly isEnveloped: boolean;
  readonly work?: WorkItem;
  readonly refused?: ItemResult<never>;
}

/** What a direct call carries. */
export interface DirectInputs {
  readonly inputs: readonly DirectInput[];
  /** Whether the call is answered as one of many. */
  readonly isMany: boolean;
}

const isEnvelope = (value: unknown): boolean => isJsonObject(value) && Object.hasOwn(value, 'fanfold');

function open(input: unknown, invocation: Invocation, hasFanIn: boolean): DirectInput {
  const mark = invocation.mode === 'step-functions' ? invocation.stepFunctions : undefined;
  try {
    const { payload, fanIn, stepFunctions = mark } = openInput(input);
    if (fanIn !== undefined && !hasFanIn) {
      const message = 'the input belongs to a fan-in, and this worker has none';
      const refused = toFailure(new FanfoldError('FanInMissing', message, { retryable: true }));
      return { input: payload, isEnveloped: true, refused };
    }
    const work = { mode: invocation.mode, payload, fanIn, stepFunctions };
    return { input: payload, isEnveloped: fanIn !== undefined, work };
  } catch (thrown) {
    return { input, isEnveloped: true, refused: toFailure(thrown) };
  }
}

/**
 * Finds the inputs of a direct call. An envelope is one item whatever is in it; otherwise `items` decides, and where
 * it does not, an array is its elements, each of which may be enveloped.
 */
export function listInputs(
  payload: unknown,
  invocation: Invocation,
  hasFanIn: boolean,
  items?: (payload: unknown) => readonly unknown[] | undefined,
): DirectInputs {
  let listed: readonly unknown[] | undefined;
  try {
    if (!isEnvelope(payload)) listed = items?.(payload) ?? (Array.isArray(payload) ? payload : undefined);
    if (listed !== undefined && !Array.isArray(listed)) throw invalidArgument('items', 'an array', listed);
  } catch (thrown) {
    // `items` reads a payload that nobody has checked.
    return { inputs: [{ input: payload, isEnveloped: false, refused: toFailure(thrown) }], isMany: false };
  }
  const inputs = (listed ?? [payload]).map((input) => open(input, invocation, hasFanIn));
  return { inputs, isMany: listed !== undefined };
}
