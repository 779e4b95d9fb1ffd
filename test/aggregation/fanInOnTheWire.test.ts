import { randomUUID } from 'node:crypto';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CompletionSummary,
  createFanIn,
  dynamoFanInStore,
  type Outcome,
} from '../../src/aggregation/index.js';
import { collect } from '../collect.js';
import { startTable, type TestTable } from '../startTable.js';

const succeeded: Outcome<unknown> = { status: 'succeeded', value: { price: 7 } };
const failed: Outcome<unknown> = {
  status: 'failed',
  error: { name: 'Error', message: 'no', retryable: false },
};
const entries = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => ({ index: start + i, outcome: succeeded }));

let table: TestTable;

beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

describe('a fan-in on DynamoDB', () => {
  it.each([
    [1, 2],
    [4, 4],
    [5, 4],
    [16, 4],
    [17, 4],
    [300, 256],
  ])(
    'counts %i items in leaves of %i to one completion, sent twice by twenty settlers',
    async (total, leafSize) => {
      const id = randomUUID();
      const completions: CompletionSummary[] = [];
      const store = dynamoFanInStore(table);
      const settlers = Array.from({ length: 20 }, () =>
        createFanIn({ store, leafSize, onComplete: (summary) => completions.push(summary) }),
      );
      await settlers[0]?.open(id, { total, metadata: { from: 'test' } });
      const batches = Array.from({ length: Math.ceil(total / 3) }, (_, i) =>
        entries(i * 3, Math.min(total, i * 3 + 3)),
      );
      const outcomes = await Promise.allSettled(
        [...batches, ...batches].map((batch, i) => settlers[i % settlers.length]?.settle(id, batch)),
      );
      // The only error that a settler may see here is that another one is delivering right now.
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'DeliveryInProgress', retryable: true });
      }
      const counts = {
        expected: total,
        succeeded: total,
        failed: 0,
        timedOut: 0,
        cancelled: 0,
        notStarted: 0,
      };
      expect(completions).toMatchObject([
        { id, counts, completionReason: 'ALL_COMPLETED', metadata: { from: 'test' } },
      ]);
      expect(await settlers[1]?.status(id)).toMatchObject({ state: 'delivered', counts });
    },
  );

  it('takes a stream through allocate, settle and seal, with results, on a document client', async () => {
    const id = `stream ${randomUUID()}`;
    const client = DynamoDBDocumentClient.from(table.client);
    const completions: CompletionSummary[] = [];
    const fanIn = createFanIn({
      store: dynamoFanInStore({ client, tableName: table.tableName }),
      leafSize: 2,
      storeResults: true,
      onComplete: (summary) => completions.push(summary),
    });
    await fanIn.open(id);
    for (const key of ['0', '3', '0', '6'])
      expect(await fanIn.allocate(id, 3, { key })).toEqual({ start: Number(key), end: Number(key) + 3 });
    await fanIn.settle(id, [{ index: 4, outcome: failed }]);
    await fanIn.settle(id, entries(0, 9));
    expect(completions).toEqual([]);
    expect(await fanIn.seal(id, 9)).toBe('delivered');
    expect(completions).toMatchObject([{ counts: { expected: 9, succeeded: 8, failed: 1 } }]);
    expect(await collect(fanIn.indices(id, ['failed']))).toEqual([4]);
    const results = await collect(fanIn.results(id));
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(results[4]?.outcome).toEqual(failed);
    expect(results[5]?.outcome).toEqual(succeeded);
  });

  it('names the client that it needs, before any call', () => {
    const sqs = { send: table.client.send, config: { serviceId: 'SQS' } };
    expect(() => dynamoFanInStore({ client: sqs, tableName: 't' })).toThrow(
      'client: expected a client of DynamoDB, got "a client of SQS"',
    );
    expect(() => dynamoFanInStore({ client: table.client, tableName: '' })).toThrow(/^tableName: expected/);
    expect(() => dynamoFanInStore({ client: undefined as never, tableName: 't' })).toThrow(
      /^client: expected/,
    );
  });
});
