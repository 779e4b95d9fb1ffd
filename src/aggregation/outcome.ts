/** What is kept of an error: enough to act on, safe to store, nothing of the payload. */
export interface ErrorInfo {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Whether trying again could have helped. */
  readonly retryable: boolean;
}

/** How one item ended. The first recorded outcome of an item is final. */
export type Outcome<T> =
  | { readonly status: 'succeeded'; readonly value: T }
  | { readonly status: 'failed'; readonly error: ErrorInfo }
  | { readonly status: 'timedOut'; readonly error: ErrorInfo }
  | { readonly status: 'cancelled'; readonly error: ErrorInfo };

/** An outcome with the item that it belongs to. */
export type ItemOutcome<I, T> = Outcome<T> & {
  readonly index: number;
  readonly input: I;
  /** How often the item was tried; 0 when it never began. */
  readonly attempts: number;
};

/** The buckets that an item can end in. */
export const outcomeStatuses = ['succeeded', 'failed', 'timedOut', 'cancelled'] as const;
export type OutcomeStatus = (typeof outcomeStatuses)[number];

/** How many items ended how; `notStarted` is the rest, so that they always add up to `expected`. */
export interface OutcomeCounts {
  readonly expected: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly cancelled: number;
  readonly notStarted: number;
}

/** Why a job is over. */
export type CompletionReason =
  | 'ALL_COMPLETED'
  | 'MIN_SUCCESSFUL_REACHED'
  | 'FAILURE_TOLERANCE_EXCEEDED'
  | 'DEADLINE_EXCEEDED'
  | 'CANCELLED';

/** The counts of the settled items, made whole by what is still missing of `expected`. */
export function toOutcomeCounts(
  expected: number,
  settled: Readonly<Record<OutcomeStatus, number>>,
): OutcomeCounts {
  const { succeeded, failed, timedOut, cancelled } = settled;
  const notStarted = expected - succeeded - failed - timedOut - cancelled;
  return { expected, succeeded, failed, timedOut, cancelled, notStarted };
}

const MAX_MESSAGE_LENGTH = 1_000;

function text(value: unknown, fallback: string): string {
  if (typeof value !== 'string' || value === '') return fallback;
  return value.length > MAX_MESSAGE_LENGTH ? `${value.slice(0, MAX_MESSAGE_LENGTH)}…` : value;
}

/**
 * Shapes anything that can be thrown (also `null`, `undefined`, strings) into an {@link ErrorInfo}. Never throws.
 * An error is retryable unless it says otherwise itself (`retryable: false`, as `NonRetryableError` does).
 */
export function toErrorInfo(thrown: unknown): ErrorInfo {
  try {
    const isObject = typeof thrown === 'object' && thrown !== null;
    const known: Partial<Record<keyof ErrorInfo, unknown>> = isObject ? thrown : { message: String(thrown) };
    const code = text(known.code, '');
    return {
      name: text(known.name, 'Error'),
      message: text(known.message, isObject ? 'no message' : 'an empty string was thrown'),
      ...(code && { code }),
      retryable: known.retryable !== false,
    };
  } catch {
    return toErrorInfo('an unreadable value was thrown');
  }
}
