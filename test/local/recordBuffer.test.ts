import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordBuffer } from '../../src/local/recordBuffer.js';
import type { SqsRecord } from '../../src/local/sqsRecord.js';

const record = (messageId: string, body = ''): SqsRecord => ({
  messageId,
  receiptHandle: messageId,
  body,
  attributes: {},
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn',
  awsRegion: 'us-east-1',
});
const idsOf = (batch: SqsRecord[] | undefined) => batch?.map(({ messageId }) => messageId);

describe('createRecordBuffer', () => {
  it('has no batch while it is empty', () => {
    const buffer = createRecordBuffer({ batchSize: 2, batchingWindowMs: 0 });
    expect(buffer.take(0)).toBeUndefined();
    expect(buffer.dueInMs(0)).toBeUndefined();
  });

  it('gives what there is when there is no window', () => {
    const buffer = createRecordBuffer({ batchSize: 2, batchingWindowMs: 0 });
    buffer.add([record('a'), record('b'), record('c')], 0);
    expect(idsOf(buffer.take(0))).toEqual(['a', 'b']);
    expect(idsOf(buffer.take(0))).toEqual(['c']);
  });

  it('holds a batch that is not full until the window of its first record is over', () => {
    const buffer = createRecordBuffer({ batchSize: 3, batchingWindowMs: 1_000 });
    buffer.add([record('a')], 500);
    buffer.add([record('b')], 900);
    expect(buffer.take(1_499)).toBeUndefined();
    expect(buffer.dueInMs(1_499)).toBe(1);
    expect(idsOf(buffer.take(1_500))).toEqual(['a', 'b']);
  });

  it('gives a full batch before its window is over', () => {
    const buffer = createRecordBuffer({ batchSize: 2, batchingWindowMs: 1_000 });
    buffer.add([record('a'), record('b'), record('c')], 0);
    expect(idsOf(buffer.take(0))).toEqual(['a', 'b']);
    expect(buffer.take(0)).toBeUndefined();
  });

  it('closes a batch at the 6 MB that an event may have, each record in one batch, in order', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1_500_000 }), { maxLength: 25 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 12 }), (bodies, batchSize) => {
        const buffer = createRecordBuffer({ batchSize, batchingWindowMs: 60_000 });
        const records = bodies.map((size, index) => record(String(index), 'x'.repeat(size)));
        buffer.add(records, 0);
        const batches: SqsRecord[][] = [];
        for (let batch = buffer.take(60_000); batch !== undefined; batch = buffer.take(60_000))
          batches.push(batch);
        expect(batches.flat()).toEqual(records);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(batchSize);
          expect(JSON.stringify({ Records: batch }).length).toBeLessThanOrEqual(6 * 1_024 * 1_024);
        }
      }),
      { numRuns: 20 },
    );
  });
});
