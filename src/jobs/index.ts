export { type ClaimCheck, type S3ClaimCheckOptions, s3ClaimCheck } from '../claimCheck.js';
export { createJobs, type JobsOptions } from './createJobs.js';
export { type DynamoJobTable, dynamoJobStore } from './dynamoJobStore.js';
export type { JobState } from './job.js';
export type { JobEvent } from './jobContext.js';
export { JobBusyError } from './jobErrors.js';
export type { JobStore } from './jobStore.js';
export type {
  Claim,
  ClaimedJob,
  ClaimOptions,
  Job,
  JobRunContext,
  Jobs,
  JobWithResult,
  RunOptions,
  StuckOptions,
} from './jobs.js';
export { memoryJobStore } from './memoryJobStore.js';
