/**
 * Which messages of a batch failed, by Lambda's rules for `ReportBatchItemFailures`. Nothing, `{}` and an empty or
 * `null` list mean that everything succeeded; an answer that is no object, a list that is none, and an identifier that
 * is missing, empty or of no message in the batch mean that everything failed.
 *
 * @param answer What the function returned.
 * @param messageIds The ids of the batch.
 * @param reportBatchItemFailures Without it any answer at all means success, and failed records are deleted too.
 */
export function readBatchResponse(
  answer: unknown,
  messageIds: readonly string[],
  reportBatchItemFailures: boolean,
): ReadonlySet<string> {
  const none = new Set<string>();
  if (!reportBatchItemFailures || answer === null || answer === undefined) return none;
  const known = new Set(messageIds);
  if (typeof answer !== 'object' || Array.isArray(answer)) return known;
  const list: unknown = 'batchItemFailures' in answer ? answer.batchItemFailures : undefined;
  if (list === null || list === undefined) return none;
  if (!Array.isArray(list)) return known;
  const failed = new Set<string>();
  for (const entry of list as readonly unknown[]) {
    const identifier =
      typeof entry === 'object' && entry !== null && 'itemIdentifier' in entry
        ? entry.itemIdentifier
        : undefined;
    if (typeof identifier !== 'string' || !known.has(identifier)) return known;
    failed.add(identifier);
  }
  return failed;
}
