/**
 * publishMessages beside the loop that people write: p-limit around SendMessageBatch. 10,000 messages at 15 ms a call,
 * the same concurrency, runs interleaved; prints the medians and their ratio.
 *
 *   npx tsx bench/publish.ts [--json] [--smoke]   (--smoke: short, and judges nothing)
 */
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { type OutgoingMessage, publishMessages } from '../src/fanout/index.js';
import { median, slowQueue } from './slowQueue.js';

const SMOKE = process.argv.includes('--smoke');
const MESSAGES = SMOKE ? 500 : 10_000;
const LATENCY_MS = 15;
const CONCURRENCY = 16;
const RUNS = SMOKE ? 1 : 7;
const TARGET_RATIO = 1.1;

const queueUrl = 'http://localhost/000000000000/bench';
const messages: OutgoingMessage[] = Array.from({ length: MESSAGES }, (_, i) => ({
  body: JSON.stringify({ number: i, title: `Book ${i}`, notes: 'x'.repeat(200) }),
}));

async function bare(): Promise<void> {
  const { client } = slowQueue(LATENCY_MS);
  const limit = pLimit(CONCURRENCY);
  const calls: Promise<unknown>[] = [];
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages
      .slice(start, start + 10)
      .map(({ body }, position) => ({ Id: String(position), MessageBody: String(body) }));
    calls.push(limit(() => client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))));
  }
  await Promise.all(calls);
}

async function ours(): Promise<void> {
  const { client } = slowQueue(LATENCY_MS);
  const { counts } = await publishMessages({ client, queueUrl }, messages, { concurrency: CONCURRENCY });
  if (counts.published !== MESSAGES) throw new Error(`published ${counts.published} of ${MESSAGES}`);
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

await bare();
await ours();
const bareMs: number[] = [];
const oursMs: number[] = [];
for (let run = 0; run < RUNS; run++) {
  bareMs.push(await timed(bare));
  oursMs.push(await timed(ours));
}
const result = {
  messages: MESSAGES,
  latencyMs: LATENCY_MS,
  concurrency: CONCURRENCY,
  runs: RUNS,
  bareMs: Math.round(median(bareMs)),
  publishMessagesMs: Math.round(median(oursMs)),
  ratio: Number((median(oursMs) / median(bareMs)).toFixed(3)),
  targetRatio: TARGET_RATIO,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else console.table(result);
process.exitCode = SMOKE || result.ratio <= TARGET_RATIO ? 0 : 1;
