import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { type OutgoingMessage, publishMessages } from 'fanfold';
import pLimit from 'p-limit';
import { Producer, type ProducerOptions } from 'sqs-producer';
import { compare, msOf } from '../core/compare.js';
import { atLeast, atMost, type Benchmark, type Measure, toMeasure } from '../core/measure.js';
import { slowQueue } from '../core/slowQueue.js';

const CONCURRENCY = 16;
const queueUrl = 'http://localhost/000000000000/bench';

/** Publishes everything to a queue of that latency, and says how long it took. */
type Publisher = (messages: readonly OutgoingMessage[], latencyMs: number) => Promise<{ ms: number }>;

function timed(
  publish: (
    client: ReturnType<typeof slowQueue>['client'],
    messages: readonly OutgoingMessage[],
  ) => Promise<unknown>,
): Publisher {
  return async (messages, latencyMs) => {
    const { client, accepted } = slowQueue(latencyMs);
    const ms = await msOf(() => publish(client, messages));
    if (accepted() !== messages.length) throw new Error(`${accepted()} of ${messages.length} arrived`);
    return { ms };
  };
}

const fanfold = timed((client, messages) =>
  publishMessages({ client, queueUrl }, messages, { concurrency: CONCURRENCY }),
);

/** The loop that people write: it knows nothing of bytes, of partial failures or of retries. */
const bareLoop = timed((client, messages) => {
  const limit = pLimit(CONCURRENCY);
  const calls: Promise<unknown>[] = [];
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages
      .slice(start, start + 10)
      .map(({ body }, position) => ({ Id: String(position), MessageBody: String(body) }));
    calls.push(limit(() => client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))));
  }
  return Promise.all(calls);
});

const sqsProducer = timed((client, messages) => {
  // It wants a whole client, and calls nothing of it but `send`.
  const sqs = client as unknown as ProducerOptions['sqs'];
  const producer = Producer.create({ queueUrl, ...(sqs && { sqs }) });
  return producer.send(messages.map(({ body }, index) => ({ id: String(index), body: String(body) })));
});

const WHY_AT_NO_LATENCY =
  'without a network nothing is left but the checks: every body is searched for characters that SQS refuses and measured in UTF-8, and every entry is accounted for. At any real latency they take place while calls are under way';

async function publishing(latencyMs: number, count: number, rounds: number, slowRounds: number) {
  const messages = Array.from({ length: count }, (_, number) => ({
    body: JSON.stringify({ number, title: `Book ${number}`, notes: 'x'.repeat(200) }),
  }));
  const comparison = await compare(
    {
      fanfold: () => fanfold(messages, latencyMs),
      'bare p-limit loop': () => bareLoop(messages, latencyMs),
      'sqs-producer': () => sqsProducer(messages, latencyMs),
    },
    { rounds, warmUps: latencyMs === 0 ? 2 : 0, atMost: { 'sqs-producer': slowRounds } },
  );
  return toMeasure(comparison.runsOf('ms', 'fanfold', 'bare p-limit loop', 'sqs-producer'), {
    what: `publish ${count.toLocaleString('en')} messages, ${latencyMs} ms a call, 16 calls at once`,
    unit: 'ms',
    ...(latencyMs === 0 && { why: WHY_AT_NO_LATENCY }),
    targets: (ratioOf) =>
      latencyMs === 15
        ? [
            atMost(1.1, '× the bare loop', 1 / ratioOf('bare p-limit loop')),
            atLeast(12, '× as fast as sqs-producer', ratioOf('sqs-producer')),
          ]
        : [],
  });
}

/** How long it takes to publish many messages; sqs-producer sends one call after another, and so in few rounds. */
export const benchmark: Benchmark = {
  title: 'Publishing',
  async run(isSmoke) {
    const count = isSmoke ? 200 : 10_000;
    const measures: Measure[] = [];
    // At 0 ms first: those runs warm the code of the others, too.
    measures.push(await publishing(0, count, isSmoke ? 1 : 31, 31));
    measures.push(await publishing(15, count, isSmoke ? 1 : 9, 2));
    measures.push(await publishing(40, count, isSmoke ? 1 : 3, 2));
    return measures;
  },
};
