import { channel } from 'node:diagnostics_channel';
import type { ItemAddress } from '../envelope.js';
import type { InvocationMode } from './detectInvocation.js';
import type { WorkItem } from './processContext.js';
import type { ItemResult } from './runItem.js';

/** What the diagnostics channel `fanfold:record` tells of each input that was worked on: no payloads, results or error messages. */
export interface RecordEvent {
  readonly mode: InvocationMode;
  readonly messageId?: string;
  readonly receiveCount?: number;
  readonly fanIn?: ItemAddress;
  /** `untried`: no slot was free, or its job is in progress elsewhere. */
  readonly status: 'succeeded' | 'failed' | 'timedOut' | 'cancelled' | 'untried';
  /** How often `process` was called; 0 for an input that the schema refused. */
  readonly attempts: number;
  readonly durationMs: number;
  readonly error?: { readonly name: string; readonly code?: string };
}

/** What the diagnostics channel `fanfold:batch` tells of each call of a worker. */
export interface BatchEvent {
  readonly mode: InvocationMode;
  readonly records: number;
  /** Those that will not come back: done, settled, or postponed. */
  readonly acknowledged: number;
  /** Those that are answered or thrown as failed. */
  readonly reported: number;
  /** Those of the acknowledged of which a delayed copy was sent. */
  readonly postponed: number;
  readonly durationMs: number;
}

const recordChannel = channel('fanfold:record');
const batchChannel = channel('fanfold:batch');

function toEvent(
  item: WorkItem,
  { outcome, attempts, untried }: ItemResult<unknown>,
  durationMs: number,
): RecordEvent {
  const { mode, messageId, receiveCount, fanIn } = item;
  const error = outcome.status === 'succeeded' ? undefined : outcome.error;
  return {
    mode,
    ...(messageId === undefined ? {} : { messageId }),
    ...(receiveCount === undefined ? {} : { receiveCount }),
    ...(fanIn === undefined ? {} : { fanIn }),
    status: untried === undefined ? outcome.status : 'untried',
    attempts,
    durationMs,
    ...(error && { error: { name: error.name, ...(error.code === undefined ? {} : { code: error.code }) } }),
  };
}

/** Whether anybody listens on `fanfold:record`: nothing is spent on a record when nobody does. */
export function isRecordObserved(): boolean {
  return recordChannel.hasSubscribers;
}

/** Tells whoever listens on `fanfold:record` how an item ended; `startedAt` is of `performance.now()`. */
export async function observeRecord<Result>(
  item: WorkItem,
  running: Promise<ItemResult<Result>>,
  startedAt: number,
): Promise<ItemResult<Result>> {
  const result = await running;
  recordChannel.publish(toEvent(item, result, performance.now() - startedAt));
  return result;
}

/** Tells whoever listens on `fanfold:batch`; `startedAt` is of `performance.now()`. */
export function announceBatch(startedAt: number, event: Omit<BatchEvent, 'durationMs'>): void {
  if (!batchChannel.hasSubscribers) return;
  const batch: BatchEvent = { ...event, durationMs: performance.now() - startedAt };
  batchChannel.publish(batch);
}
