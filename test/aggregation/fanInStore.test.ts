import { afterAll, beforeAll } from 'vitest';
import { dynamoFanInStore } from '../../src/aggregation/dynamoFanInStore.js';
import { memoryFanInStore } from '../../src/aggregation/memoryFanInStore.js';
import { startTable, type TestTable } from '../startTable.js';
import { describeFanInStore } from './fanInStore.contract.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

describeFanInStore('memoryFanInStore', memoryFanInStore);
describeFanInStore('dynamoFanInStore', () => dynamoFanInStore(table));
