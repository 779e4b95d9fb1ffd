export type { WorkerJobs, WorkerSlot } from './createGuard.js';
export { createWorker } from './createWorker.js';
export { createDeadLetterHandler, type DeadLetterOptions } from './deadLetter.js';
export type { LambdaContext } from './deadlineWatch.js';
export type { HttpInvocation } from './detectHttp.js';
export {
  detectInvocation,
  type EventBridgeEvent,
  type Invocation,
  type InvocationMode,
  type KafkaEvent,
  type KafkaRecord,
} from './detectInvocation.js';
export type { FailedAnswer, ItemsFailedError, ManyAnswer } from './directAnswer.js';
export type { WorkerQueue } from './postpone.js';
export type { JobMark, ProcessContext } from './processContext.js';
export type {
  DynamoStreamRecord,
  KinesisRecord,
  S3Record,
  SnsRecord,
  SqsMessageAttribute,
  SqsRecord,
} from './recordEvents.js';
export type {
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaOutput,
  StandardSchemaProps,
  StandardSchemaResult,
} from './standardSchema.js';
export type { StepFunctionsMark } from './stepFunctionsMark.js';
export type { SqsBatchResponse } from './toBatchResponse.js';
export type { BatchEvent, RecordEvent } from './workerEvents.js';
export type { LambdaHandler, WorkerOptions } from './workerOptions.js';
