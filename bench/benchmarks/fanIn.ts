import { randomUUID } from 'node:crypto';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createFanIn, dynamoFanInStore, type Outcome } from 'fanfold';
import pLimit from 'p-limit';
import { compare, msOf } from '../core/compare.js';
import { startTable } from '../core/localTable.js';
import { atLeast, atMost, type Benchmark, type Measure, type Target, toMeasure } from '../core/measure.js';

const CONCURRENCY = 16;
const BATCH = 10;
const outcome: Outcome<unknown> = { status: 'succeeded', value: null };

/**
 * A marker for each item and a counter, in one transaction: exact, as a plain counter is not. The embedded DynamoDB has
 * no transactions, so this is the price rule, not a run: two items, each written at twice the price, in one call.
 */
const TRANSACTION = { writeUnits: 4, calls: 1 };

const WHY_ALONE =
  'a fan-in writes one item in 256 more often than once, and reads what the write returned; the counter, which needs neither, counts a retried write twice';

/** Settling an item, beside the counter that people write: `ADD settled 1`. */
export const benchmark: Benchmark = {
  title: 'Fan-in',
  async run(isSmoke) {
    const items = isSmoke ? 200 : 2_560;
    const table = await startTable();
    const { client } = table;
    const fanIn = createFanIn({ store: dynamoFanInStore({ client, tableName: 'fanfold' }) });

    const sampled = async (all: () => Promise<unknown>) => {
      let ms = 0;
      const { calls, writeUnits } = await table.consumption(async () => {
        ms = await msOf(all);
      });
      return { rate: items / (ms / 1_000), calls: calls / items, writeUnits: writeUnits / items };
    };
    /** Settles all items in batches of `size`; `at` says which items are in one. */
    const settle = (size: number, at: (place: number) => number) => async () => {
      const id = randomUUID();
      await fanIn.open(id, { total: items });
      const limit = pLimit(CONCURRENCY);
      const starts = Array.from({ length: items / size }, (_, batch) => batch * size);
      const sample = await sampled(() =>
        limit.map(starts, (start) =>
          fanIn.settle(
            id,
            Array.from({ length: size }, (_, place) => ({ index: at(start + place), outcome })),
          ),
        ),
      );
      const settled = (await fanIn.status(id))?.counts.succeeded;
      if (settled !== items) throw new Error(`settled ${settled} of ${items}`);
      return sample;
    };
    const count = async () => {
      const id = randomUUID();
      const limit = pLimit(CONCURRENCY);
      const command = () =>
        new UpdateItemCommand({
          TableName: 'plain',
          Key: { id: { S: id } },
          UpdateExpression: 'ADD settled :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        });
      return sampled(() => limit.map(Array.from({ length: items }), () => client.send(command())));
    };
    const scattered = (place: number) => (place % BATCH) * (items / BATCH) + Math.floor(place / BATCH);

    const comparison = await compare(
      {
        alone: settle(1, (place) => place),
        neighbours: settle(BATCH, (place) => place),
        scattered: settle(BATCH, scattered),
        counter: count,
      },
      { rounds: isSmoke ? 1 : 7, warmUps: isSmoke ? 0 : 1 },
    );
    await table.stop();

    const measured = (
      mode: 'alone' | 'neighbours' | 'scattered',
      what: string,
      targets: Record<'rate' | 'writeUnits', (ratioOfCounter: number, own: number) => readonly Target[]>,
    ): Measure[] => {
      const runs = (metric: 'rate' | 'writeUnits' | 'calls') => {
        const [own = [mode, []], counter = ['counter', []]] = comparison.runsOf(metric, mode, 'counter');
        return [['fanfold', own[1]] as const, ['plain ADD counter', counter[1]] as const];
      };
      const withTransaction = (metric: 'writeUnits' | 'calls') => [
        ...runs(metric),
        ['TransactWrite of marker and counter (price rule)', [TRANSACTION[metric]]] as const,
      ];
      const why = mode === 'neighbours' ? undefined : WHY_ALONE;
      return [
        toMeasure(runs('rate'), {
          what: `settle ${what}, ${CONCURRENCY} calls at once`,
          unit: 'items/s',
          better: 'higher',
          ...(why !== undefined && { why }),
          targets: (ratioOf) => targets.rate(1 / ratioOf('plain ADD counter'), 0),
        }),
        toMeasure(withTransaction('writeUnits'), {
          what: `settle ${what}: write units per item`,
          unit: 'units',
          targets: (_, { median }) => targets.writeUnits(0, median),
        }),
        toMeasure(withTransaction('calls'), {
          what: `settle ${what}: calls per item`,
          unit: 'calls',
        }),
      ];
    };
    return [
      ...measured('alone', 'one by one', {
        rate: (ratio) => [atLeast(0.65, '× the plain counter', ratio)],
        writeUnits: (_, units) => [atMost(1.05, 'units', units)],
      }),
      ...measured('neighbours', 'in batches of 10 neighbours', {
        rate: (ratio) => [atLeast(1, '× the plain counter', ratio)],
        writeUnits: (_, units) => [atMost(0.35, 'units', units)],
      }),
      ...measured('scattered', 'in batches of 10 scattered items', {
        rate: () => [],
        writeUnits: () => [],
      }),
    ];
  },
};
