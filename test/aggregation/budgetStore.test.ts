import { afterAll, beforeAll } from 'vitest';
import { dynamoBudgetStore } from '../../src/aggregation/dynamoBudgetStore.js';
import { memoryBudgetStore } from '../../src/aggregation/memoryBudgetStore.js';
import { startTable, type TestTable } from '../startTable.js';
import { describeBudgetStore } from './budgetStore.contract.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

describeBudgetStore('memoryBudgetStore', memoryBudgetStore);
describeBudgetStore('dynamoBudgetStore', () => dynamoBudgetStore(table));
