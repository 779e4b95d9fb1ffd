import type { SqsRecord } from './recordEvents.js';

/** Whether the records come from a FIFO queue; a group id on a standard queue is a fair queue and orders nothing. */
export function isFifo(records: readonly SqsRecord[]): boolean {
  const arn: unknown = records[0]?.eventSourceARN;
  return typeof arn === 'string' && arn.endsWith('.fifo');
}

/** The positions of a FIFO batch by message group, each group in the order of the batch. */
export function groupRecords(records: readonly SqsRecord[]): readonly (readonly number[])[] {
  const groups = new Map<unknown, number[]>();
  for (const [position, record] of records.entries()) {
    const group: unknown = record.attributes?.MessageGroupId;
    const positions = groups.get(group);
    if (positions === undefined) groups.set(group, [position]);
    else positions.push(position);
  }
  return [...groups.values()];
}
