import { sqsEvent } from 'fanfold/testing';
import { compare, msOf } from '../core/compare.js';
import { context } from '../core/context.js';
import { atLeast, atMost, type Benchmark, type Measure, toMeasure } from '../core/measure.js';
import { type Handler, workers } from '../core/workers.js';

/** How many records a run takes in all, whatever the size of a batch. */
const RECORDS_A_RUN = 10_000;

function eventOf(records: number) {
  const books = Array.from({ length: records }, (_, number) => ({
    body: { isbn: `978${number}`.padEnd(13, '0'), title: `Book ${number}`, pages: number },
  }));
  return sqsEvent(books);
}

async function overhead(records: number, isSmoke: boolean): Promise<Measure> {
  const event = eventOf(records);
  const calls = isSmoke ? 1 : RECORDS_A_RUN / records;
  const expected = Math.floor(records / 100);
  const timed = (handler: Handler) => async () => {
    const ms = await msOf(async () => {
      for (let call = 0; call < calls; call += 1) {
        const { batchItemFailures } = await handler(event, context);
        if (batchItemFailures.length !== expected) throw new Error(`${batchItemFailures.length} failures`);
      }
    });
    return { micros: (ms * 1_000) / (calls * records) };
  };
  const comparison = await compare(
    {
      fanfold: timed(workers.fanfold),
      'hand-written loop': timed(workers['hand-written loop']),
      'Powertools batch': timed(workers['Powertools batch']),
      'Powertools batch with parser': timed(workers['Powertools batch with parser']),
      middy: timed(workers.middy),
    },
    {
      rounds: isSmoke ? 1 : 31,
      warmUps: isSmoke ? 0 : 3,
      atMost: { 'Powertools batch with parser': 3 },
    },
  );
  return toMeasure(
    comparison.runsOf(
      'micros',
      'fanfold',
      'hand-written loop',
      'Powertools batch',
      'Powertools batch with parser',
      'middy',
    ),
    {
      what: `work off a batch of ${records.toLocaleString('en')} records: per record`,
      unit: 'µs',
      why: 'a loop written by hand does one record after another and knows no concurrency, deadline, retry, envelope, FIFO group or reason of a failure. All of that costs microseconds, beside work that takes milliseconds',
      targets: (ratioOf) =>
        records === 10_000
          ? [
              atMost(3, '× the hand-written loop', 1 / ratioOf('hand-written loop')),
              atLeast(8, '× as fast as Powertools with parser', ratioOf('Powertools batch with parser')),
            ]
          : [],
    },
  );
}

/** What a worker costs a record whose own work costs nothing: read JSON, check a schema, report one failure in 100. */
export const benchmark: Benchmark = {
  title: 'Worker overhead',
  async run(isSmoke) {
    const measures: Measure[] = [];
    for (const records of isSmoke ? [10] : [10, 1_000, 10_000])
      measures.push(await overhead(records, isSmoke));
    return measures;
  },
};
