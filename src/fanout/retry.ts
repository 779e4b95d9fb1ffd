import { type ErrorInfo, toErrorInfo } from '../aggregation/outcome.js';
import {
  expectFields,
  expectFunction,
  expectSignal,
  integer,
  invalidArgument,
  number,
  type Rule,
} from '../arguments.js';
import { sleep as sleepFor } from './sleep.js';

/** A retry policy in the fields of the Amazon States Language; unlike there, seconds may be fractional. */
export interface RetryPolicy {
  /** Names or codes of the errors that it is for; `States.ALL` is every one. @default every retryable error */
  readonly errorEquals?: readonly string[];
  /** How long to wait before the first retry, in seconds. @default 1 */
  readonly intervalSeconds?: number;
  /** What each further wait is multiplied by. @default 2 */
  readonly backoffRate?: number;
  /** How many retries there are, after the first attempt; 0 is never. @default 3 */
  readonly maxAttempts?: number;
  /** The longest wait, in seconds. @default 31_622_400, a year */
  readonly maxDelaySeconds?: number;
  /** `FULL` waits for a random part of the time. @default 'NONE' */
  readonly jitterStrategy?: 'FULL' | 'NONE';
}

/** One policy, or several of which the first that matches an error is used. */
export type RetryPolicies = RetryPolicy | readonly RetryPolicy[];

/** What {@link retry} takes beside the policies. */
export interface RetryOptions {
  /** Ends the waiting: no further attempt begins. */
  readonly signal?: AbortSignal;
  /** A number from 0 to 1, for the jitter. @default Math.random */
  readonly random?: () => number;
  /** Waits for `ms`, or until `signal` aborts. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const listOf = (policies: RetryPolicies): readonly RetryPolicy[] => [policies].flat();

const expectErrorNames: Rule = (field, names) => {
  const isName = (name: unknown) => typeof name === 'string' && name !== '';
  if (Array.isArray(names) && names.length > 0 && names.every(isName)) return;
  throw invalidArgument(field, 'an array of error names', names);
};

const expectStrategy: Rule = (field, strategy) => {
  if (strategy === 'FULL' || strategy === 'NONE') return;
  throw invalidArgument(field, "'FULL' or 'NONE'", strategy);
};

/** Refuses what is not one retry policy or an array of them; `undefined` passes. */
export function expectRetry(field: string, value: unknown): void {
  if (value === undefined) return;
  for (const [position, policy] of listOf(value as RetryPolicies).entries()) {
    const at = Array.isArray(value) ? `${field}[${position}]` : field;
    if (typeof policy !== 'object' || policy === null) throw invalidArgument(at, 'a retry policy', policy);
    const rules = {
      errorEquals: expectErrorNames,
      intervalSeconds: number(0),
      backoffRate: number(1),
      maxAttempts: integer(0),
      maxDelaySeconds: number(0),
      jitterStrategy: expectStrategy,
    };
    expectFields(policy, rules, `${at}.`);
  }
}

/** Whether a policy is for an error. What is not retryable is retried by none, whatever a policy names. */
export function matchesPolicy(
  { errorEquals = ['States.ALL'] }: RetryPolicy,
  { name, code, retryable }: ErrorInfo,
): boolean {
  const isNamed = (expected: string) =>
    expected === 'States.ALL' ||
    expected === name ||
    expected === code ||
    (expected === 'States.Timeout' && code === 'TimedOut');
  return retryable && errorEquals.some(isNamed);
}

/** The longest wait that the Amazon States Language knows: a year. */
const LONGEST_DELAY_SECONDS = 31_622_400;

/** The wait before retry number `retries + 1` of a policy, in milliseconds; `undefined` when it has none left. */
export function nextDelayMs(policy: RetryPolicy, retries: number, random: () => number): number | undefined {
  const {
    intervalSeconds = 1,
    backoffRate = 2,
    maxAttempts = 3,
    maxDelaySeconds = LONGEST_DELAY_SECONDS,
  } = policy;
  if (retries >= maxAttempts) return undefined;
  // The growth is bounded too, as nothing times an infinity is no number.
  const growth = Math.min(backoffRate ** retries, Number.MAX_VALUE);
  const seconds = Math.min(intervalSeconds * growth, maxDelaySeconds);
  return seconds * 1_000 * (policy.jitterStrategy === 'FULL' ? random() : 1);
}

/**
 * The policies at work on one piece of work. Tell it every failure: it answers how long to wait, in milliseconds, or
 * `undefined` to give up. As in the Amazon States Language, each policy counts the retries that it granted itself.
 */
export function createRetries(
  policies: RetryPolicies,
): (error: ErrorInfo, random?: () => number) => number | undefined {
  const list = listOf(policies).map((policy) => ({ policy, granted: 0 }));
  return (error, random = Math.random) => {
    const chosen = list.find(({ policy }) => matchesPolicy(policy, error));
    return chosen && nextDelayMs(chosen.policy, chosen.granted++, random);
  };
}

/**
 * Calls `work` until it succeeds or the policies give up, and then throws what it threw last. An error that says
 * `retryable: false` (as `NonRetryableError` does) is thrown at once. `work` may run more than once: make it idempotent.
 *
 * @throws whatever `work` threw last · FanfoldError `InvalidArgument` for a malformed policy.
 * @example
 * ```ts
 * const volume = await retry(() => fetchVolume(isbn), { intervalSeconds: 0.5, maxAttempts: 4, jitterStrategy: 'FULL' });
 * ```
 */
export async function retry<T>(
  work: (attempt: number) => T,
  policies: RetryPolicies,
  { signal, random = Math.random, sleep = sleepFor }: RetryOptions = {},
): Promise<Awaited<T>> {
  expectFunction('work', work);
  expectRetry('policies', policies);
  expectSignal('signal', signal);
  const delayAfter = createRetries(policies);
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (thrown) {
      const delayMs = signal?.aborted ? undefined : delayAfter(toErrorInfo(thrown), random);
      if (delayMs === undefined) throw thrown;
      await sleep(delayMs, signal);
      if (signal?.aborted) throw thrown;
    }
  }
}
