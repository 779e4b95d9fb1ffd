import { describe, expect, it } from 'vitest';
import { mappingOptions, type QueueMappingOptions } from '../../src/local/mappingOptions.js';

const standard = { queueUrl: 'http://127.0.0.1/0/queue', functionName: 'worker' };
const fifo = { ...standard, queueUrl: 'http://127.0.0.1/0/queue.fifo' };

describe('mappingOptions', () => {
  it.each<[QueueMappingOptions, string]>([
    [{ ...standard, queueUrl: '' }, 'queueUrl'],
    [{ ...standard, batchSize: 0 }, 'batchSize'],
    [{ ...standard, batchSize: 10_001, batchingWindowMs: 1_000 }, 'batchSize'],
    [{ ...standard, batchSize: 11 }, 'batchingWindowMs'],
    [{ ...standard, batchingWindowMs: 300_001 }, 'batchingWindowMs'],
    [{ ...standard, maximumConcurrency: 1 }, 'maximumConcurrency'],
    [{ ...standard, maximumConcurrency: 1_001 }, 'maximumConcurrency'],
    [{ ...fifo, batchSize: 11, batchingWindowMs: 1_000 }, 'batchSize'],
    [{ ...fifo, batchingWindowMs: 1_000 }, 'batchingWindowMs'],
  ])('refuses %j', (options, field) => {
    expect(() => mappingOptions(options)).toThrow(
      expect.objectContaining({ code: 'InvalidArgument', message: expect.stringContaining(`${field}:`) }),
    );
  });

  it('reports batch item failures, ten at a time and without a ramp, unless told otherwise', () => {
    expect(mappingOptions(standard)).toMatchObject({
      batchSize: 10,
      batchingWindowMs: 0,
      reportBatchItemFailures: true,
      ramp: false,
      fifo: false,
    });
  });
});
