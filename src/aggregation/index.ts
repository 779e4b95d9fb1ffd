export { type ClaimCheck, type S3ClaimCheckOptions, s3ClaimCheck } from '../claimCheck.js';
export {
  type Budget,
  type BudgetOptions,
  type BudgetTarget,
  createBudget,
  type RecordedAmount,
  type ReleasedAmount,
  type ReservedAmount,
} from './budget.js';
export type { BudgetStore } from './budgetStore.js';
export {
  type CompareOptions,
  type Comparison,
  compareOutcomes,
  type Difference,
  type Tolerance,
} from './compareOutcomes.js';
export {
  completeTask,
  failTask,
  heartbeatTask,
  type TaskAnswer,
  type TaskFailure,
  type TaskOptions,
  type TaskTarget,
} from './completeTask.js';
export { completeTaskWith, heartbeatWith, type TaskSinkOptions } from './completeTaskWith.js';
export { createFanIn } from './createFanIn.js';
export {
  createMigration,
  type MigrationMode,
  type MigrationOptions,
  type Path,
  type PathContext,
  type ShadowReport,
} from './createMigration.js';
export { createSweeper, type SweeperOptions } from './createSweeper.js';
export { dynamoBudgetStore } from './dynamoBudgetStore.js';
export { dynamoFanInStore } from './dynamoFanInStore.js';
export type {
  AllocatedRange,
  CompletionSummary,
  DeliveryContext,
  FanIn,
  FanInStatus,
  Metadata,
  OnComplete,
  OnProgress,
  OpenOptions,
  SettledEntry,
  SettleEntry,
  SettleResult,
  SweepResult,
} from './fanIn.js';
export type { ErrorName, FanInEvent } from './fanInEvent.js';
export type { FanInOptions } from './fanInOptions.js';
export type { FanInStore } from './fanInStore.js';
export { memoryBudgetStore } from './memoryBudgetStore.js';
export { memoryFanInStore } from './memoryFanInStore.js';
export type {
  CompletionReason,
  ErrorInfo,
  ItemOutcome,
  Outcome,
  OutcomeCounts,
  OutcomeStatus,
} from './outcome.js';
export { toErrorInfo, toOutcomeCounts } from './outcome.js';
export {
  type BatchResponse,
  PartialFailureError,
  type PartialResponse,
  throwIfFailed,
  toBatchItemFailures,
  toResponse,
} from './shape.js';
export { type QueueSinkOptions, sendToQueue } from './sinks.js';
export { type ExecutionSinkOptions, startExecutionWith } from './startExecutionWith.js';
