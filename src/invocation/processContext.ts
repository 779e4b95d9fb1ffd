import type { ItemAddress } from '../envelope.js';
import type { InvocationMode } from './detectInvocation.js';
import type { StepFunctionsMark } from './stepFunctionsMark.js';

/** The job that a worker holds for an item. */
export interface JobMark {
  readonly id: string;
  /** A fencing token: it grows with every claim of the job. */
  readonly attempt: number;
}

/** What `process` is told beside its input. */
export interface ProcessContext {
  /** How the input arrived. */
  readonly mode: InvocationMode;
  /** The SQS message's id. */
  readonly messageId?: string;
  /** How often SQS has delivered this message, from 1. */
  readonly receiveCount?: number;
  /** Which item of which fan-in this is. Do not settle it yourself. */
  readonly fanIn?: ItemAddress;
  /** What the state machine said of itself; the task token in it is a credential and must not be logged. */
  readonly stepFunctions?: StepFunctionsMark;
  /** The job record of this item, where the worker has `jobs`. Do not complete it yourself. */
  readonly job?: JobMark;
  /** 1 for the first try in this call, one more for each retry by `retry`. */
  readonly attempt: number;
  /**
   * Aborts when `timeoutMs` has passed, when the Lambda deadline is near, and when the item's slot or job is another's
   * by now. Made when it is first read.
   */
  readonly signal: AbortSignal;
  /**
   * How long Lambda still runs this call, in ms; `Infinity` for a call without a context. The worker gives up
   * `deadlineMarginMs` before that.
   */
  remainingMs(): number;
}

/** One input on its way through `process`, with where it came from. */
export interface WorkItem {
  readonly mode: InvocationMode;
  readonly payload: unknown;
  readonly messageId?: string | undefined;
  readonly receiveCount?: number | undefined;
  readonly fanIn?: ItemAddress | undefined;
  readonly stepFunctions?: StepFunctionsMark | undefined;
  readonly job?: JobMark | undefined;
}
