import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { publishMessages } from 'fanfold';
import pLimit from 'p-limit';
import { slowQueue } from '../core/slowQueue.js';

/** `node publishMemory.mjs CONTESTANT MESSAGES`: prints by how many MB the resident set grew at its peak. */
const [, , contestant = '', messages = ''] = process.argv;
const MB = 1_048_576;
const WARM_UP = 50_000;
const queueUrl = 'http://localhost/000000000000/bench';
const { client, accepted } = slowQueue(1);

async function* stream(count: number) {
  for (let number = 0; number < count; number += 1) yield { body: { number, notes: 'x'.repeat(200) } };
}

/** Every call is queued as soon as its messages are there: p-limit holds them all. */
async function bareLoop(count: number): Promise<void> {
  const limit = pLimit(16);
  const calls: Promise<unknown>[] = [];
  let Entries: { Id: string; MessageBody: string }[] = [];
  const send = () => {
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    calls.push(limit(() => client.send(command)));
    Entries = [];
  };
  for await (const { body } of stream(count)) {
    Entries.push({ Id: String(Entries.length), MessageBody: JSON.stringify(body) });
    if (Entries.length === 10) send();
  }
  if (Entries.length > 0) send();
  await Promise.all(calls);
}

const publish = (count: number): Promise<unknown> =>
  contestant === 'fanfold' ? publishMessages({ client, queueUrl }, stream(count)) : bareLoop(count);

const count = Number(messages);
const warmUp = Math.min(WARM_UP, count);
await publish(warmUp);
globalThis.gc?.();
const before = process.memoryUsage.rss();
let peak = before;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10);
await publish(count);
clearInterval(sampler);
peak = Math.max(peak, process.memoryUsage.rss());
if (accepted() !== count + warmUp) throw new Error(`${accepted()} of ${count + warmUp} arrived`);
console.log(Math.max(0, peak - before) / MB);
