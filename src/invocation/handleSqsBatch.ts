import { toErrorInfo } from '../aggregation/outcome.js';
import { runLanes } from '../runLanes.js';
import { concludeRecord, keepReason } from './concludeRecord.js';
import { deadlineNear } from './createProcessContext.js';
import { createSettler } from './createSettler.js';
import type { DeadlineWatch } from './deadlineWatch.js';
import { groupRecords, isFifo } from './groupRecords.js';
import { openRecord } from './openRecord.js';
import { sendDelayedCopy, shortenVisibility } from './postpone.js';
import type { SqsRecord } from './recordEvents.js';
import { runItem } from './runItem.js';
import { type SqsBatchResponse, toBatchResponse } from './toBatchResponse.js';
import type { Worker } from './toWorker.js';
import { announceBatch } from './workerEvents.js';

const POSTPONE_CONCURRENCY = 16;

/** Where a record stands. Whatever is not acknowledged when the call answers is reported. */
const WAITING = 0;
const IN_PROCESS = 1;
const ENDED = 2;
const ACKNOWLEDGED = 3;

/**
 * Processes one batch and says which of its records must come back. A record is acknowledged only after its outcome is
 * durable; every other one is reported.
 */
export async function handleSqsBatch<Input, Result>(
  worker: Worker<Input, Result>,
  records: readonly SqsRecord[],
  watch: DeadlineWatch,
): Promise<SqsBatchResponse> {
  const { fanIn, queue, concurrency } = worker;
  const settle = fanIn && createSettler(fanIn);
  const groups = isFifo(records) ? groupRecords(records) : undefined;
  const phases = new Uint8Array(records.length);
  const conclusions: Promise<void>[] = [];
  const startedAt = performance.now();
  let postponed = 0;
  let isClosed = false;
  let isAnswered = false;

  const run = async (position: number): Promise<void> => {
    const item = openRecord(records[position]);
    // Without an address there is nothing to settle, and without a fan-in nobody to settle it: both come back.
    if (item === undefined || (item.fanIn !== undefined && fanIn === undefined)) {
      phases[position] = ENDED;
      return;
    }
    // Until it may begin, it counts as waiting: near the deadline it is then postponed like any other.
    const begun = (): void => {
      phases[position] = IN_PROCESS;
    };
    if (worker.guard === undefined) begun();
    const result = await runItem(worker, item, watch, begun);
    if (isClosed) return;
    if (result.untried !== undefined) {
      phases[position] = ENDED;
      await giveUp(position, true, result.thrown, result.untried.retryAfterMs);
      return;
    }
    if (item.fanIn === undefined) {
      phases[position] = result.outcome.status === 'succeeded' ? ACKNOWLEDGED : ENDED;
      return;
    }
    phases[position] = ENDED;
    const conclusion = concludeRecord(worker, settle, item, result).then((isDurable) => {
      if (isDurable) phases[position] = ACKNOWLEDGED;
    });
    conclusions.push(conclusion);
    // The next one of a group must not begin before this one is safe; elsewhere outcomes gather into one settle.
    if (groups !== undefined) await conclusion;
  };

  const runGroup = async (positions: readonly number[]): Promise<void> => {
    for (const [place, position] of positions.entries()) {
      if (watch.isNear()) return;
      await run(position);
      if (phases[position] === ACKNOWLEDGED) continue;
      for (const later of positions.slice(place + 1)) phases[later] = ENDED;
      return;
    }
  };

  const giveUp = async (
    position: number,
    mayPostpone: boolean,
    reason: unknown = deadlineNear(),
    retryAfterMs?: number,
  ): Promise<void> => {
    const record = records[position];
    if (record === undefined) return;
    if (mayPostpone && queue !== undefined) {
      try {
        if (groups !== undefined) await shortenVisibility(queue, record, retryAfterMs);
        else {
          await sendDelayedCopy(queue, record, retryAfterMs);
          phases[position] = ACKNOWLEDGED;
          postponed += 1;
          return;
        }
      } catch {
        // The record itself comes back instead.
      }
    }
    const item = openRecord(record);
    if (item !== undefined) await keepReason(worker, item, toErrorInfo(reason));
  };

  /** What was not tried is postponed, what is unfinished is reported, what ended may still settle. */
  const close = async (): Promise<void> => {
    isClosed = true;
    const untried: number[] = [];
    const unfinished: number[] = [];
    for (const [position, phase] of phases.entries()) {
      if (phase === WAITING) untried.push(position);
      if (phase === IN_PROCESS) unfinished.push(position);
    }
    const giveUpNext = (position: number, place: number) => giveUp(position, place >= unfinished.length);
    await Promise.all([
      ...conclusions,
      runLanes([...unfinished, ...untried], POSTPONE_CONCURRENCY, giveUpNext, () => isAnswered),
    ]);
  };

  const lanes =
    groups === undefined
      ? runLanes(records, concurrency, (_, position) => run(position), watch.isNear)
      : runLanes(groups, concurrency, runGroup, watch.isNear);
  await Promise.race([lanes.then(() => Promise.all(conclusions)), watch.near]);
  if (watch.isNear()) await Promise.race([close(), watch.grace()]);
  isAnswered = true;
  const reported = records.filter((_, position) => phases[position] !== ACKNOWLEDGED);
  const acknowledged = records.length - reported.length;
  const counts = { records: records.length, acknowledged, reported: reported.length, postponed };
  announceBatch(startedAt, { mode: 'sqs', ...counts });
  return toBatchResponse(reported);
}
