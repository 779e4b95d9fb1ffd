import { expectId, expectInteger } from './arguments.js';
import { FanfoldError } from './errors.js';

/** The largest index of an item: a fan-in holds 256³ items. */
export const MAX_ITEMS = 16_777_216;

/** Which item of which fan-in a message carries. */
export interface ItemAddress {
  readonly id: string;
  readonly index: number;
}

/** The wire shape that an item travels in, frozen at version 1. */
export interface Envelope {
  readonly fanfold: 1;
  readonly fanIn: ItemAddress;
  readonly payload: unknown;
}

/**
 * Wraps a payload for a transport of your own (an asynchronous invoke, a Step Functions Map), so that a worker
 * knows which item of which fan-in to settle. `fanOutToQueue` does this for SQS.
 *
 * @throws FanfoldError `InvalidArgument` for a bad id or index.
 * @example
 * ```ts
 * await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(toEnvelope(id, 0, book)) }));
 * ```
 */
export function toEnvelope(fanInId: string, index: number, payload: unknown): Envelope {
  expectId('fanInId', fanInId);
  expectInteger('index', index, 0, MAX_ITEMS - 1);
  return { fanfold: 1, fanIn: { id: fanInId, index }, payload };
}

/** What a body turned out to be. */
export type Opened = { readonly fanIn?: ItemAddress; readonly payload: unknown };

/**
 * Reads what {@link toEnvelope} wrote; anything without a `fanfold` property is a bare payload. Fields that it does
 * not know are ignored.
 *
 * @throws FanfoldError `UnsupportedEnvelope`, retryable, for a version that it does not know (a newer publisher is
 * being rolled out before its workers) · `InvalidEnvelope`, not retryable, for a version 1 that is not whole.
 */
export function openEnvelope(value: unknown): Opened {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    !Object.hasOwn(value, 'fanfold')
  ) {
    return { payload: value };
  }
  const { fanfold, fanIn, payload } = value as Record<string, unknown>;
  if (fanfold !== 1) {
    const message = 'fanfold: expected envelope version 1; a newer publisher needs a newer worker';
    throw new FanfoldError('UnsupportedEnvelope', message, { retryable: true });
  }
  const { id, index } = (typeof fanIn === 'object' && fanIn !== null ? fanIn : {}) as Record<string, unknown>;
  try {
    expectId('fanIn.id', id);
    expectInteger('fanIn.index', index, 0, MAX_ITEMS - 1);
  } catch (cause) {
    throw new FanfoldError('InvalidEnvelope', `envelope ${(cause as Error).message}`, { cause });
  }
  return { fanIn: { id: id as string, index: index as number }, payload };
}
