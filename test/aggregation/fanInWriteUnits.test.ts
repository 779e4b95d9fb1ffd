import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFanIn, dynamoFanInStore } from '../../src/aggregation/index.js';
import { startTable, type TestTable } from '../startTable.js';
import { entries } from './fanInOutcomes.js';

let table: TestTable;
let writeUnits = 0;

beforeAll(async () => {
  table = await startTable();
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const reply = await next({
        ...args,
        input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } as typeof args.input,
      });
      const { ConsumedCapacity } = reply.output as {
        ConsumedCapacity?: { CapacityUnits?: number; WriteCapacityUnits?: number };
      };
      if ('UpdateExpression' in args.input) writeUnits += ConsumedCapacity?.CapacityUnits ?? 0;
      return reply;
    },
    { step: 'initialize', name: 'meter' },
  );
});
afterAll(() => table.stop());

describe('settling in DynamoDB', () => {
  it('costs one write unit per item alone, and a tenth in batches of ten neighbours', async () => {
    const fanIn = createFanIn({ store: dynamoFanInStore(table) });
    const total = 512;
    async function unitsPerItem(batch: number): Promise<number> {
      const id = randomUUID();
      await fanIn.open(id, { total });
      writeUnits = 0;
      for (let start = 0; start < total; start += batch)
        await fanIn.settle(id, entries(start, Math.min(total, start + batch)));
      expect(await fanIn.status(id)).toMatchObject({ state: 'decided', counts: { succeeded: total } });
      return writeUnits / total;
    }
    const alone = await unitsPerItem(1);
    expect(alone).toBeGreaterThanOrEqual(1);
    expect(alone).toBeLessThanOrEqual(1.05);
    expect(await unitsPerItem(10)).toBeLessThanOrEqual(0.2);
  });
});
