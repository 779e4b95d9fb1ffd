import { parseArgs } from 'node:util';
import { simulateJob } from './simulateJob.js';
import { simulateLarge } from './simulateLarge.js';

const HELP = `Runs large jobs in virtual time.

  npm run simulate -- --items 100000 --seeds 20     many workers, random faults; the ledger must balance
  npm run simulate -- --items 10000000              over a million items: what it writes, and where

  --items N    (100000)
  --seeds N    how many seeds (1)
  --seed N     the first (1)
  --batch N    how many neighbours settle together, over a million items (10)
  --json       one JSON object a line
`;

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '100000' },
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    batch: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const LARGE = 1_000_000;

function count(name: 'items' | 'seeds' | 'seed' | 'batch'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name}: expected a whole number from 1, got ${values[name]}`);
  return process.exit(2);
}

const print = (row: object, text: string) => console.log(values.json ? JSON.stringify(row) : text);
const show = (value: number) => value.toLocaleString('en');

if (values.help) console.log(HELP);
else {
  const items = count('items');
  let violations = 0;
  for (let seed = count('seed'); seed < count('seed') + count('seeds'); seed += 1) {
    if (items > LARGE) {
      const large = await simulateLarge(items, seed, { batch: count('batch') });
      violations += large.violations.length;
      const { writeUnitsPerItem, treeDepth, arrivalsPerSecond, batch, hottest } = large;
      print(
        large,
        `seed ${seed}: ${show(items)} items in batches of ${batch} at ${show(arrivalsPerSecond)} a second: ${writeUnitsPerItem.toFixed(3)} write units per item, tree depth ${treeDepth}, hottest key ${hottest.key} with ${hottest.perSecond} writes a second, ${large.violations.length} violations ${large.violations.slice(0, 3).join('; ')}`,
      );
      continue;
    }
    const job = await simulateJob(items, seed);
    violations += job.violations.length;
    print(
      job,
      `seed ${seed}: ${show(items)} items in ${show(job.virtualSeconds)} virtual seconds, ${job.crashes} crashes, ${job.deliveries} deliveries of one completion, ${job.writeUnitsPerItem.toFixed(3)} write units per item, ${job.violations.length} violations ${job.violations.slice(0, 3).join('; ')}`,
    );
  }
  print({ violations }, `${violations} violations`);
  process.exitCode = violations === 0 ? 0 : 1;
}
