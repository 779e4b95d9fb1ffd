import { setTimeout as pause } from 'node:timers/promises';
import { type Limits, MAX_RECEIVE_COUNT } from './limits.js';
import type { Observer } from './observer.js';
import type { Stage } from './startStage.js';

const LOOK_EVERY_MS = 50;
/** A run in which nothing moves for so long, all retries allowed for, has lost something. */
const STUCK_MS = 60_000;

export interface Watched {
  readonly id: string;
  readonly stage: Stage;
  readonly limits: Limits;
  readonly observer: Observer;
  /** Aborts the waiting. */
  readonly signal: AbortSignal;
}

async function messagesLeft({ local, queues }: Stage): Promise<number> {
  const urls = [queues.books.queueUrl, queues.books.deadLetterQueueUrl, queues.completions.queueUrl];
  const depths = await Promise.all(urls.map((url) => local.queueDepth(url)));
  return depths.reduce((sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed, 0);
}

/** Waits until a completion took effect. Throws when the run failed, or when nothing has moved for too long. */
async function waitForCompletion({ id, stage, limits, observer, signal }: Watched): Promise<void> {
  const patienceMs = STUCK_MS + limits.visibilityTimeoutSeconds * MAX_RECEIVE_COUNT * 1_000;
  let [last, movedAt] = ['', Date.now()];
  while (observer.completions.size === 0) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
    if (observer.failure !== undefined) throw observer.failure;
    const { deliveries, inFlight } = observer;
    const now = JSON.stringify([
      deliveries.total,
      deliveries.acknowledged,
      inFlight.now,
      observer.deliveredAt,
    ]);
    if (now !== last) [last, movedAt] = [now, Date.now()];
    if (Date.now() - movedAt < patienceMs) continue;
    const status = await stage.onlooker.files.readStatus(id);
    throw new Error(
      `completion is not lost: nothing moved for ${patienceMs / 1_000} s, status ${JSON.stringify(status)}`,
    );
  }
}

/** Waits until the job is over and its queues are empty, late duplicates included; answers what is left in them. */
export async function waitForEnd(watched: Watched): Promise<{ readonly leftInQueues: number }> {
  await waitForCompletion(watched);
  const { stage, limits, signal } = watched;
  const longest = Math.max(limits.visibilityTimeoutSeconds, limits.aggregatorVisibilitySeconds);
  const until = Date.now() + (longest * MAX_RECEIVE_COUNT + 5) * 1_000;
  let leftInQueues = await messagesLeft(stage);
  while (leftInQueues + stage.local.lambda.metrics().inFlight > 0 && Date.now() < until) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
    leftInQueues = await messagesLeft(stage);
  }
  return { leftInQueues };
}
