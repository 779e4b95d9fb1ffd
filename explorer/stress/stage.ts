import { dynamoBudgetStore } from '../../src/aggregation/dynamoBudgetStore.js';
import { memoryBudgetStore } from '../../src/aggregation/memoryBudgetStore.js';
import { dynamoSemaphoreStore } from '../../src/fanout/dynamoSemaphoreStore.js';
import { memorySemaphoreStore } from '../../src/fanout/memorySemaphoreStore.js';
import { dynamoJobStore } from '../../src/jobs/dynamoJobStore.js';
import { memoryJobStore } from '../../src/jobs/memoryJobStore.js';
import { startTable } from '../../test/startTable.js';
import { virtualTime } from '../../test/virtualTime.js';
import { realTime, type StormTime } from './time.js';

const START = 1_800_000_000_000;

/** Where storms take place. Each store is empty. */
export interface StressStage {
  jobStore(): ReturnType<typeof memoryJobStore>;
  semaphoreStore(): ReturnType<typeof memorySemaphoreStore>;
  budgetStore(): ReturnType<typeof memoryBudgetStore>;
  time(): StormTime;
  /** How a worker waits for a flush of a budget. */
  readonly sleep: (ms: number) => Promise<void>;
  stop(): Promise<void>;
}

/** In memory, in virtual time. */
export function memoryStage(): StressStage {
  return {
    jobStore: () => memoryJobStore(),
    semaphoreStore: () => memorySemaphoreStore(),
    budgetStore: () => memoryBudgetStore(),
    time: () => virtualTime(START),
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    stop: async () => undefined,
  };
}

/** On the embedded DynamoDB, or on the one that `FANFOLD_DYNAMODB_ENDPOINT` names, in real time. */
export async function dynamoStage(): Promise<StressStage> {
  const table = await startTable();
  const time = realTime();
  return {
    jobStore: () => dynamoJobStore(table),
    semaphoreStore: () => dynamoSemaphoreStore(table),
    budgetStore: () => dynamoBudgetStore(table),
    time: () => time,
    sleep: time.sleep,
    stop: () => table.stop(),
  };
}
