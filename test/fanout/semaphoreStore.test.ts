import { afterAll, beforeAll } from 'vitest';
import { dynamoSemaphoreStore } from '../../src/fanout/dynamoSemaphoreStore.js';
import { memorySemaphoreStore } from '../../src/fanout/memorySemaphoreStore.js';
import { startTable, type TestTable } from '../startTable.js';
import { describeSemaphoreStore } from './semaphoreStore.contract.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

describeSemaphoreStore('memorySemaphoreStore', memorySemaphoreStore);
describeSemaphoreStore('dynamoSemaphoreStore', () => dynamoSemaphoreStore(table));
