export { memoryBudgetStore, memoryFanInStore } from '../aggregation/index.js';
export { memorySemaphoreStore } from '../fanout/index.js';
export { memoryJobStore } from '../jobs/index.js';
export { type LambdaContextOptions, lambdaContext } from './lambdaContext.js';
export { type SqsEventOptions, sqsEvent, type TestMessage } from './sqsEvent.js';
