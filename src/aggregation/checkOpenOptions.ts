import { expectFields, expectId, integer, invalidArgument, number } from '../arguments.js';
import { MAX_ITEMS } from '../envelope.js';
import type { OpenOptions } from './fanIn.js';
import type { FanInContext } from './fanInContext.js';
import type { CompletionLimits, FanInMeta } from './fanInMeta.js';
import { emptyTally } from './fanInNode.js';
import { expectTaskToken } from './taskToken.js';

const DAY_MS = 86_400_000;

function checkedDeadline({ deadlineAt }: OpenOptions, now: number): number | undefined {
  if (deadlineAt === null) return undefined;
  const given = deadlineAt ?? now + DAY_MS;
  const at = given instanceof Date ? given.getTime() : given;
  if (typeof at === 'number' && Number.isFinite(at) && at >= 0) return Math.ceil(at);
  throw invalidArgument('deadlineAt', 'a Date, epoch milliseconds or null', deadlineAt);
}

function checkedLimits(options: OpenOptions): CompletionLimits {
  const { toleratedFailureCount, toleratedFailurePercentage, minSuccessful } = options;
  return {
    ...(toleratedFailureCount === undefined ? {} : { toleratedFailureCount }),
    ...(toleratedFailurePercentage === undefined ? {} : { toleratedFailurePercentage }),
    ...(minSuccessful === undefined ? {} : { minSuccessful }),
  };
}

/** The root that `open` asks for, or an error that names the option that is wrong. */
export function checkOpenOptions(context: FanInContext, id: string, options: OpenOptions): FanInMeta {
  const { total, maxItems, taskToken, metadata } = options;
  expectId('id', id);
  expectFields(options, {
    total: integer(0, MAX_ITEMS),
    maxItems: integer(1, MAX_ITEMS),
    toleratedFailureCount: integer(0, MAX_ITEMS),
    toleratedFailurePercentage: number(0, 100),
    minSuccessful: integer(1, MAX_ITEMS),
  });
  if (total !== undefined && maxItems !== undefined) {
    throw invalidArgument('maxItems', 'no maxItems beside a total', maxItems);
  }
  if (taskToken !== undefined) expectTaskToken(taskToken);
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (metadata !== undefined && !isObject) throw invalidArgument('metadata', 'an object', metadata);

  const now = context.now();
  const deadlineAt = checkedDeadline(options, now);
  return {
    id,
    phase: 'opening',
    leafSize: context.leafSize,
    maxItems: total ?? maxItems ?? MAX_ITEMS,
    total,
    cutShort: false,
    allocated: total ?? 0,
    lastAllocation: undefined,
    limits: checkedLimits(options),
    storeResults: context.storeResults,
    deadlineAt,
    // An opening is worth a look as soon as its opener should be done.
    dueAt: now + context.leaseMs,
    expiresAt: Math.ceil((deadlineAt ?? now) / 1_000) + context.ttlSeconds,
    done: new Set(),
    tally: emptyTally,
    eagerFailures: new Set(),
    closing: undefined,
    decision: undefined,
    lease: undefined,
    recipient: undefined,
    delivery: undefined,
  };
}
