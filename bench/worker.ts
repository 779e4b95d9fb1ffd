import { z } from 'zod';
import { createWorker, type SqsBatchResponse } from '../src/invocation/index.js';
import { sqsEvent } from '../src/testing/index.js';

/**
 * What `createWorker` costs a record, beside a loop written by hand that parses, validates, awaits the same `process`
 * and reports failures. `npx tsx bench/worker.ts`
 */
const RECORDS = 10_000;
const ROUNDS = 31;

const input = z.object({ isbn: z.string().min(10), title: z.string(), pages: z.number().int() });
const process = async ({ pages }: z.infer<typeof input>): Promise<number> => {
  if (pages % 100 === 99) throw new Error('no such book');
  return pages;
};
const event = sqsEvent(
  Array.from({ length: RECORDS }, (_, n) => ({
    body: { isbn: `978${n}`.padEnd(13, '0'), title: `Book ${n}`, pages: n },
  })),
);

async function byHand({ Records }: typeof event): Promise<SqsBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { body, messageId } of Records) {
    try {
      const parsed = input.safeParse(JSON.parse(body));
      if (!parsed.success) throw parsed.error;
      await process(parsed.data);
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

const context = { getRemainingTimeInMillis: () => 900_000 };
const worker = createWorker({ input, process });
const contenders = {
  byHand: () => byHand(event),
  createWorker: () => worker(event, context),
};

async function micros(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const answer = (await run()) as SqsBatchResponse;
  if (answer.batchItemFailures.length !== RECORDS / 100) throw new Error('a wrong answer');
  return ((performance.now() - start) * 1_000) / RECORDS;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

// Taken in turns, so that a busy machine slows both down.
const times = { byHand: [] as number[], createWorker: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  times.byHand.push(await micros(contenders.byHand));
  times.createWorker.push(await micros(contenders.createWorker));
}
const result = { byHand: median(times.byHand), createWorker: median(times.createWorker) };
console.log(
  JSON.stringify({
    records: RECORDS,
    microsPerRecord: { byHand: +result.byHand.toFixed(2), createWorker: +result.createWorker.toFixed(2) },
    ratio: +(result.createWorker / result.byHand).toFixed(2),
  }),
);
