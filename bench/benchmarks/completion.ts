import { randomUUID } from 'node:crypto';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createFanIn, dynamoFanInStore, type Outcome } from 'fanfold';
import { compare } from '../core/compare.js';
import { startTable } from '../core/localTable.js';
import { type Benchmark, toMeasure } from '../core/measure.js';

const outcome: Outcome<unknown> = { status: 'succeeded', value: null };
const ITEMS = 512;

const WHY =
  'after the last item fanfold writes its leaf, the root, the decision, the lease and, at the end, that it was delivered: each of them is what lets another process finish when this one dies. The counter answers with its own last write, and delivers never or twice when its caller dies or tries again. It is paid once in a job';

/** From the call that settles the last item until somebody is told, and until that fact is durable. */
export const benchmark: Benchmark = {
  title: 'Completion',
  async run(isSmoke) {
    const table = await startTable();
    const { client } = table;
    let deliveredAt = 0;
    const deliver = () => {
      deliveredAt = performance.now();
    };
    const fanIn = createFanIn({
      store: dynamoFanInStore({ client, tableName: 'fanfold' }),
      onComplete: deliver,
    });
    const add = async (id: string, count: number) => {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: 'plain',
          Key: { id: { S: id } },
          UpdateExpression: 'ADD settled :count',
          ExpressionAttributeValues: { ':count': { N: String(count) } },
          ReturnValues: 'ALL_NEW',
        }),
      );
      if (Attributes?.settled?.N === String(ITEMS)) deliver();
    };

    const timed = async (last: () => Promise<unknown>) => {
      deliveredAt = 0;
      const start = performance.now();
      const { calls } = await table.consumption(last);
      const returnedAt = performance.now();
      if (deliveredAt === 0) throw new Error('nobody was told');
      return { told: deliveredAt - start, durable: returnedAt - start, calls };
    };
    const comparison = await compare(
      {
        fanfold: async () => {
          const id = randomUUID();
          await fanIn.open(id, { total: ITEMS });
          const all = Array.from({ length: ITEMS }, (_, index) => ({ index, outcome }));
          await fanIn.settle(id, all.slice(0, -1));
          return timed(() => fanIn.settle(id, all.slice(-1)));
        },
        'plain ADD counter': async () => {
          const id = randomUUID();
          await add(id, ITEMS - 1);
          return timed(() => add(id, 1));
        },
      },
      { rounds: isSmoke ? 1 : 31, warmUps: isSmoke ? 0 : 5 },
    );
    await table.stop();
    const names = ['fanfold', 'plain ADD counter'] as const;
    return [
      toMeasure(comparison.runsOf('told', ...names), {
        what: 'from the last settle until onComplete is called, on the embedded DynamoDB',
        unit: 'ms',
        why: WHY,
      }),
      toMeasure(comparison.runsOf('durable', ...names), {
        what: 'from the last settle until the delivery is durable, on the embedded DynamoDB',
        unit: 'ms',
        why: WHY,
        isHeadline: false,
      }),
      toMeasure(comparison.runsOf('calls', ...names), {
        what: 'the last settle and its delivery: calls to DynamoDB',
        unit: 'calls',
        why: WHY,
      }),
    ];
  },
};
