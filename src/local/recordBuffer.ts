import { MAX_SYNCHRONOUS_BYTES } from './payload.js';
import type { SqsRecord } from './sqsRecord.js';

/** `{"Records":[]}`, and a comma for each record. */
const EVENT_BYTES = 14;
const SEPARATOR_BYTES = 1;

export interface RecordBufferOptions {
  readonly batchSize: number;
  /** How long a batch that is not full may wait, in ms. */
  readonly batchingWindowMs: number;
}

/** What has been received and not been handed to a function yet. */
export interface RecordBuffer {
  readonly length: number;
  add(records: readonly SqsRecord[], now: number): void;
  /** The next batch as an event's records, when one is due: full by count or by bytes, or its window is over. */
  take(now: number): SqsRecord[] | undefined;
  /** In how many ms a batch is due though it is not full; `undefined` when nothing waits. */
  dueInMs(now: number): number | undefined;
}

/** Assembles batches as Lambda does: by count, by the 6 MB of an event, by the batching window. Pure but for its list. */
export function createRecordBuffer({ batchSize, batchingWindowMs }: RecordBufferOptions): RecordBuffer {
  const waiting: { readonly record: SqsRecord; readonly bytes: number; readonly at: number }[] = [];

  function nextBatch(): { count: number; full: boolean } {
    let bytes = EVENT_BYTES;
    let count = 0;
    for (const next of waiting) {
      bytes += next.bytes + SEPARATOR_BYTES;
      if (count === batchSize || (count > 0 && bytes > MAX_SYNCHRONOUS_BYTES)) return { count, full: true };
      count += 1;
    }
    return { count, full: count === batchSize };
  }
  const dueInMs = (now: number) =>
    waiting[0] === undefined ? undefined : Math.max(0, waiting[0].at + batchingWindowMs - now);

  return {
    get length() {
      return waiting.length;
    },
    add(records, now) {
      for (const record of records) {
        waiting.push({ record, bytes: Buffer.byteLength(JSON.stringify(record)), at: now });
      }
    },
    take(now) {
      if (waiting.length === 0) return undefined;
      const { count, full } = nextBatch();
      if (!full && dueInMs(now) !== 0) return undefined;
      return waiting.splice(0, count).map(({ record }) => record);
    },
    dueInMs,
  };
}
