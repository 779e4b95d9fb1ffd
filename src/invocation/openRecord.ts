import { openBody } from './openBody.js';
import type { WorkItem } from './processContext.js';
import type { SqsRecord } from './recordEvents.js';

/**
 * The work in an SQS record; `undefined` for a body that cannot be read (not JSON, or an envelope that this version
 * does not know or that is not whole). Such a record has no address, so that nobody could settle it.
 */
export function openRecord(record: SqsRecord | undefined): WorkItem | undefined {
  if (record === undefined) return undefined;
  try {
    const { payload, fanIn, stepFunctions } = openBody(record.body);
    const receiveCount = Number(record.attributes?.ApproximateReceiveCount);
    return {
      mode: 'sqs',
      payload,
      fanIn,
      stepFunctions,
      messageId: record.messageId || undefined,
      receiveCount: Number.isNaN(receiveCount) ? undefined : receiveCount,
    };
  } catch {
    return undefined;
  }
}
