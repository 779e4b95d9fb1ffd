/**
 * Settling beside the counter that people write: `ADD settled 1` on one item. The same table on the embedded DynamoDB,
 * the same concurrency, rounds interleaved; prints items a second, the ratios, and the write units per item.
 *
 *   npx tsx bench/settle.ts [--json] [--smoke]   (--smoke: short, and judges nothing)
 */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import { createFanIn, dynamoFanInStore, type Outcome } from '../src/aggregation/index.js';
import { startLocal } from '../src/local/index.js';
import { tableDefinition } from '../src/table.js';
import { median } from './slowQueue.js';

const SMOKE = process.argv.includes('--smoke');
const ITEMS = SMOKE ? 200 : 2_560;
const ROUNDS = SMOKE ? 1 : 7;
const CONCURRENCY = 16;
const TARGETS = { alone: 0.65, batches: 1 };
const outcome: Outcome<unknown> = { status: 'succeeded', value: null };

const local = await startLocal();
const client = new DynamoDBClient(local.clientConfig('dynamodb'));
const tableName = 'bench';
await client.send(new CreateTableCommand(tableDefinition(tableName)));
const fanIn = createFanIn({ store: dynamoFanInStore({ client, tableName }) });

/** Every item in batches of `size`, in the order that `at` says. */
async function settle(size: number, at: (i: number) => number): Promise<void> {
  const id = randomUUID();
  await fanIn.open(id, { total: ITEMS });
  const limit = pLimit(CONCURRENCY);
  const starts = Array.from({ length: ITEMS / size }, (_, i) => i * size);
  started = performance.now();
  unitsBefore = local.meter.dynamodb.writeUnits;
  await limit.map(starts, (start) => {
    const batch = Array.from({ length: size }, (_, i) => ({ index: at(start + i), outcome }));
    return fanIn.settle(id, batch);
  });
  const status = await fanIn.status(id);
  if (status?.counts.succeeded !== ITEMS) throw new Error(`settled ${status?.counts.succeeded} of ${ITEMS}`);
}

async function count(): Promise<void> {
  const pk = randomUUID();
  const limit = pLimit(CONCURRENCY);
  started = performance.now();
  unitsBefore = local.meter.dynamodb.writeUnits;
  const update = { UpdateExpression: 'ADD settled :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
  await limit.map(Array.from({ length: ITEMS }), () =>
    client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { pk: { S: pk }, sk: { S: 'counter' } },
        ...update,
      }),
    ),
  );
}

let started = 0;
let unitsBefore = 0;
const scattered = (i: number) => (i % 10) * (ITEMS / 10) + Math.floor(i / 10);
const contestants = {
  'plain ADD counter (counts duplicates)': count,
  'settle, one by one': () => settle(1, (i) => i),
  'settle, batches of 10 neighbours': () => settle(10, (i) => i),
  'settle, batches of 10 scattered': () => settle(10, scattered),
};
type Name = keyof typeof contestants;
const names = Object.keys(contestants) as Name[];
const rates = new Map<Name, number[]>(names.map((name) => [name, []]));
const units = new Map<Name, number>();

for (const name of names) await contestants[name]();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const name of names) {
    await contestants[name]();
    rates.get(name)?.push(ITEMS / ((performance.now() - started) / 1_000));
    units.set(name, (local.meter.dynamodb.writeUnits - unitsBefore) / ITEMS);
  }
}
await local.stop();

const [counter = 1, alone = 0, batches = 0] = names.map((name) => median(rates.get(name) ?? []));
const rows = names.map((name) => {
  const itemsPerSecond = Math.round(median(rates.get(name) ?? []));
  return {
    name,
    itemsPerSecond,
    ratio: +(itemsPerSecond / counter).toFixed(2),
    writeUnitsPerItem: +(units.get(name) ?? 0).toFixed(3),
  };
});
if (process.argv.includes('--json'))
  console.log(JSON.stringify({ items: ITEMS, concurrency: CONCURRENCY, rows }));
else console.table(rows);
const met = alone / counter >= TARGETS.alone && batches / counter > TARGETS.batches;
process.exitCode = SMOKE || met ? 0 : 1;
