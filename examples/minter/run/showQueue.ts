import { setTimeout as pause } from 'node:timers/promises';
import { publishMessages } from 'fanfold';
import type { MintResponse } from '../handlers/createDirectMinter.js';
import type { MintedMessage } from '../handlers/createQueueMinter.js';
import { identifiers, idsOf } from './showDirect.js';
import type { Stage } from './startStage.js';

const LIMIT_MS = 60_000;

/** Waits for a condition; answers whether it came true in time. */
async function until(isTrue: () => Promise<boolean>): Promise<boolean> {
  const giveUpAt = Date.now() + LIMIT_MS;
  while (Date.now() < giveUpAt) {
    if (await isTrue()) return true;
    await pause(20);
  }
  return false;
}

/** Mints by the queue, the same identifiers as a direct request: both must come to the same ids. */
export async function showQueue({ local, sqs, queues }: Stage) {
  const { identifiers: queue, results } = queues;
  const received: MintedMessage[] = [];
  local.lambda.register('downstream', ({ Records }: { Records: readonly { body: string }[] }) => {
    received.push(...Records.map(({ body }) => JSON.parse(body) as MintedMessage));
    return { batchItemFailures: [] };
  });
  await local.mapQueue({ queueUrl: results.queueUrl, functionName: 'downstream' });

  const asked = identifiers('queue', 25);
  const messages = [...asked, 'unknown/b2'].map((sourceIdentifier) => ({
    body: { sourceIdentifier, jobId: 'job-2' },
  }));
  const { counts } = await publishMessages({ client: sqs, queueUrl: queue.queueUrl }, messages);
  const direct = (await local.lambda.invoke('minter', { sourceIdentifiers: asked })) as MintResponse;
  const deadLettered = async () => (await local.queueDepth(queue.deadLetterQueueUrl)).visible;
  const ended = await until(
    async () => idsOf([{ successes: received }]).size >= asked.length && (await deadLettered()) >= 1,
  );
  const ids = idsOf([direct, { successes: received }]);
  const { visible, inFlight } = await local.queueDepth(queue.queueUrl);
  return {
    sent: counts.published,
    ended,
    receivedDownstream: idsOf([{ successes: received }]).size,
    sameIdsAsDirect: [...ids.values()].every(({ size }) => size === 1),
    deadLettered: await deadLettered(),
    left: visible + inFlight,
  };
}
