import type { Message } from '@aws-sdk/client-sqs';
import type { FaultPlan } from './faults.js';
import type { InternalLambdaRunner } from './lambdaRunner.js';
import type { QueueMapping } from './mappingOptions.js';
import { concurrencyAt } from './ramp.js';
import { readBatchResponse } from './readBatchResponse.js';
import { createReceivers } from './receivers.js';
import { createRecordBuffer } from './recordBuffer.js';
import { type SqsRecord, sqsRecord } from './sqsRecord.js';

/** How often a ramp lets one more invocation start. */
const RAMP_STEP_MS = 200;

/** What a mapping works with; nothing here knows the SDK. */
export interface MappingParts {
  readonly mapping: QueueMapping;
  readonly queueArn: string;
  readonly runner: InternalLambdaRunner;
  readonly plan: FaultPlan;
  readonly receive: (maxMessages: number, waitSeconds: number, signal: AbortSignal) => Promise<Message[]>;
  readonly remove: (records: readonly SqsRecord[]) => void;
  readonly now: () => number;
}

/** A mapping that runs. */
export interface RunningMapping {
  /** Deliveries to the function so far, by record: redeliveries and duplicates included. */
  readonly deliveries: number;
  /** Receives no more; invocations under way end as they would have, and their messages are deleted. */
  stop(): void;
}

/** Carries messages from a queue to a function by Lambda's rules; see {@link QueueMapping}. */
export function startEventSourceMapping(parts: MappingParts): RunningMapping {
  const { mapping, queueArn, runner, plan, remove, now } = parts;
  const { functionName, batchSize, fifo, maximumConcurrency, ramp, reportBatchItemFailures } = mapping;
  const buffer = createRecordBuffer(mapping);
  const duplicates: SqsRecord[][] = [];
  let [inFlight, deliveries] = [0, 0];
  let backlogSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const limit = () =>
    Math.min(maximumConcurrency, ramp ? concurrencyAt(now() - (backlogSince ?? now())) : Infinity);
  const free = () => Math.max(0, Math.min(limit() - inFlight, runner.free(functionName)));

  const receivers = createReceivers({
    receive: parts.receive,
    // A message that waits here loses its visibility timeout: take no more than can start now.
    wanted: () => free() * batchSize - buffer.length,
    step: batchSize < 10 ? batchSize : 1,
    received(messages) {
      if (messages.length === 0 && inFlight === 0) backlogSince = undefined;
      else backlogSince ??= now();
      const records = messages.map((message) => sqsRecord(message, queueArn));
      buffer.add(
        records.filter((record) => record !== undefined),
        now(),
      );
      pump();
    },
  });

  async function invoke(records: readonly SqsRecord[]): Promise<SqsRecord[]> {
    deliveries += records.length;
    const ids = records.map(({ messageId }) => messageId);
    try {
      const answer = await runner.run(functionName, JSON.stringify({ Records: records }), ids);
      const failed = readBatchResponse(answer, ids, reportBatchItemFailures);
      return records.filter(({ messageId }) => !failed.has(messageId));
    } catch {
      // It threw, timed out or died: the whole batch comes back after the visibility timeout.
      return [];
    }
  }

  async function deliver(records: SqsRecord[], deletes: boolean): Promise<void> {
    inFlight += 1;
    // The order of a FIFO group is a promise of SQS that a second delivery would break.
    const times = deletes && !fifo ? plan.onDelivery() : 'once';
    if (times === 'twiceAtOnce') duplicates.push(records);
    const succeeded = await invoke(records);
    inFlight -= 1;
    if (deletes && succeeded.length > 0) remove(succeeded);
    if (times === 'againAfterwards') duplicates.push(records);
    pump();
  }

  function pump(): void {
    if (stopped) return;
    while (free() > 0) {
      const duplicate = duplicates.shift();
      const batch = duplicate ?? buffer.take(now());
      if (batch === undefined) break;
      if (duplicate) plan.happened('duplicate');
      void deliver(batch, duplicate === undefined);
    }
    receivers.pump();
    const ramping = ramp && backlogSince !== undefined && inFlight > 0 ? RAMP_STEP_MS : undefined;
    const waits = [ramping, free() > 0 ? buffer.dueInMs(now()) : undefined].filter(
      (wait) => wait !== undefined,
    );
    clearTimeout(timer);
    if (waits.length > 0) timer = setTimeout(pump, Math.min(...waits));
  }

  const stopListening = runner.onFree(pump);
  pump();
  return {
    get deliveries() {
      return deliveries;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      stopListening();
      receivers.stop();
    },
  };
}
