import { FanfoldError } from '../errors.js';

/** What Lambda's event source mapping for SQS expects, with `ReportBatchItemFailures` switched on. */
export interface SqsBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Reports records by their message ids, each id once.
 *
 * @throws FanfoldError `MissingMessageId`, retryable, when a record has none: Lambda takes an empty or unknown
 * identifier for a malformed answer, and a thrown error brings the whole batch back just as well.
 */
export function toBatchResponse(reported: Iterable<{ readonly messageId?: unknown }>): SqsBatchResponse {
  const ids = new Set<string>();
  for (const { messageId } of reported) {
    if (typeof messageId !== 'string' || messageId === '') {
      const message = 'a record without a messageId failed, so that the whole batch must return';
      throw new FanfoldError('MissingMessageId', message, { retryable: true });
    }
    ids.add(messageId);
  }
  return { batchItemFailures: Array.from(ids, (itemIdentifier) => ({ itemIdentifier })) };
}
