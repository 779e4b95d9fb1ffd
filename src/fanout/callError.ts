import { toErrorInfo } from '../aggregation/outcome.js';

/** What a failed request says about its messages. */
export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly senderFault: boolean;
  /** The same request can succeed later. */
  readonly retryable: boolean;
  /** The queue refuses us, whatever we send: there is no point in going on. */
  readonly isFinal: boolean;
}

const THROTTLING =
  /throttl|^(SlowDown|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded|ServiceUnavailable)/i;
const TRANSPORT =
  /^(TimeoutError|RequestTimeout|RequestTimeoutException|InternalError|InternalFailure|NetworkingError|E(CONNRESET|CONNREFUSED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|UND_ERR_\w+)$/;
const FINAL =
  /^(AccessDenied|QueueDoesNotExist|NonExistentQueue|Kms(?!Throttled)|Invalid(Address|Security|ClientTokenId|Signature)|UnrecognizedClient|SignatureDoesNotMatch|ExpiredToken|IncompleteSignature|MissingAuthenticationToken|OptInRequired|AuthFailure|CredentialsProviderError|TokenProviderError)/;

const MAX_CAUSES = 5;

function isTransient(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > MAX_CAUSES) return false;
  const { name, code, cause, $retryable, $metadata } = error as Record<string, unknown>;
  const status = ($metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  if (name === 'AbortError') return false;
  return (
    $retryable !== undefined ||
    (typeof status === 'number' && (status === 429 || status >= 500)) ||
    [name, code].some(
      (word) => typeof word === 'string' && (THROTTLING.test(word) || TRANSPORT.test(word)),
    ) ||
    isTransient(cause, depth + 1)
  );
}

/**
 * Reads an error of a whole request, by names and status and never by its text. The SDK has by then made its own
 * retries (three attempts, unless the client says otherwise).
 */
export function readCallError(thrown: unknown): CallError {
  const { name, message, code: systemCode } = toErrorInfo(thrown);
  const code = (name === 'Error' ? (systemCode ?? name) : name).replace(/^AWS\.SimpleQueueService\./, '');
  const retryable = isTransient(thrown);
  const { $fault, $metadata } = Object(thrown) as {
    $fault?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  const status = $metadata?.httpStatusCode;
  const isFinal = !retryable && (FINAL.test(code) || status === 401 || status === 403);
  return { code, message, senderFault: !retryable && $fault === 'client', retryable, isFinal };
}
