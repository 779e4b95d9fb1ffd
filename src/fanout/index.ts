export type { Slot } from './acquireSlot.js';
export type { Deadline } from './deadline.js';
export { dynamoSemaphoreStore } from './dynamoSemaphoreStore.js';
export { executionName } from './executionName.js';
export { type FanOutOptions, type FanOutResult, fanOut } from './fanOut.js';
export {
  type FanOutTarget,
  type FanOutToQueueOptions,
  type FanOutToQueueResult,
  fanOutToQueue,
} from './fanOutToQueue.js';
export type { ToMessage } from './itemChunks.js';
export type {
  PublishCallbacks,
  PublishCounts,
  PublishedMessage,
  PublishFailure,
} from './ledger.js';
export { memorySemaphoreStore } from './memorySemaphoreStore.js';
export type { OutgoingMessage } from './message.js';
export { type PackOptions, pack } from './pack.js';
export type { PublishEvent } from './publishEvent.js';
export {
  type PublishOptions,
  type PublishResult,
  type PublishTarget,
  publishMessages,
} from './publishMessages.js';
export {
  createRetries,
  expectRetry,
  nextDelayMs,
  type RetryOptions,
  type RetryPolicies,
  type RetryPolicy,
  retry,
} from './retry.js';
export { SourceFailedError } from './SourceFailedError.js';
export {
  type AcquireOptions,
  createSemaphore,
  type Semaphore,
  type SemaphoreOptions,
  type SemaphoreTarget,
  type SlotContext,
} from './semaphore.js';
export type { SemaphoreStore } from './semaphoreStore.js';
export {
  type ExecutionRequest,
  type ExecutionTarget,
  type StartExecutionOptions,
  type StartExecutionResult,
  startExecution,
} from './startExecution.js';
export type { CompletionRules } from './tolerance.js';
export type { FanOutContext } from './workOn.js';
