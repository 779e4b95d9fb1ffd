import { type ErrorInfo, toErrorInfo } from '../aggregation/outcome.js';
import { expectFunction, expectInteger, expectNumber, expectSignal, invalidArgument } from '../arguments.js';
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

const listOf = (policies: RetryPolicies): readonly RetryPolicy[] =>
  Array.isArray(policies) ? policies : [policies as RetryPolicy];

/** Refuses what is not one retry policy or an array of them; `undefined` passes. */
export function expectRetry(field: string, value: unknown): void {
  if (value === undefined) return;
  const single = !Array.isArray(value);
  for (const [position, policy] of listOf(value as RetryPolicies).entries()) {
    const at = single ? field : `${field}[${position}]`;
    if (typeof policy !== 'object' || policy === null) throw invalidArgument(at, 'a retry policy', policy);
    const { errorEquals, jitterStrategy = 'NONE' } = policy;
    const named = errorEquals === undefined || (Array.isArray(errorEquals) && errorEquals.length > 0);
    if (!named || errorEquals?.some((name) => typeof name !== 'string' || name === '')) {
      throw invalidArgument(`${at}.errorEquals`, 'an array of error names', errorEquals);
    }
    expectNumber(`${at}.intervalSeconds`, policy.intervalSeconds ?? 1, 0);
    expectNumber(`${at}.backoffRate`, policy.backoffRate ?? 2, 1);
    expectInteger(`${at}.maxAttempts`, policy.maxAttempts ?? 3, 0);
    expectNumber(`${at}.maxDelaySeconds`, policy.maxDelaySeconds ?? 1, 0);
    if (jitterStrategy !== 'FULL' && jitterStrategy !== 'NONE') {
      throw invalidArgument(`${at}.jitterStrategy`, "'FULL' or 'NONE'", jitterStrategy);
    }
  }
}

/** Whether a policy is for an error. What is not retryable is retried by none, whatever a policy names. */
export function matchesPolicy({ errorEquals }: RetryPolicy, { name, code, retryable }: ErrorInfo): boolean {
  if (!retryable) return false;
  return (
    errorEquals?.some(
      (expected) =>
        expected === 'States.ALL' ||
        expected === name ||
        expected === code ||
        (expected === 'States.Timeout' && code === 'TimedOut'),
    ) ?? true
  );
}

/** The longest wait that the Amazon States Language knows: a year. */
const LONGEST_DELAY_SECONDS = 31_622_400;

/** The wait before retry number `retries + 1` of a policy, in milliseconds; `undefined` when it has none left. */
export function nextDelayMs(policy: RetryPolicy, retries: number, random: () => number): number | undefined {
  const { intervalSeconds = 1, backoffRate = 2, maxAttempts = 3 } = policy;
  if (retries >= maxAttempts) return undefined;
  // The growth is bounded too, as nothing times an infinity is no number.
  const growth = Math.min(backoffRate ** retries, Number.MAX_VALUE);
  const seconds = Math.min(intervalSeconds * growth, policy.maxDelaySeconds ?? LONGEST_DELAY_SECONDS);
  return seconds * 1_000 * (policy.jitterStrategy === 'FULL' ? random() : 1);
}

/**
 * The policies at work on one piece of work. Tell it every failure: it answers how long to wait, in milliseconds, or
 * `undefined` to give up. As in the Amazon States Language, each policy counts the retries that it granted itself.
 */
export function createRetries(
  policies: RetryPolicies,
): (error: ErrorInfo, random?: () => number) => number | undefined {
  const list = listOf(policies);
  const granted = new Map<RetryPolicy, number>();
  return (error, random = Math.random) => {
    const policy = list.find((candidate) => matchesPolicy(candidate, error));
    if (policy === undefined) return undefined;
    const before = granted.get(policy) ?? 0;
    granted.set(policy, before + 1);
    return nextDelayMs(policy, before, random);
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
