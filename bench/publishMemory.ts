/**
 * Memory while a million messages come from an async generator: how far the resident set and the heap grow after a warm-up.
 *
 *   npx tsx bench/publishMemory.ts [--json] [--smoke]   (--smoke: short, and judges nothing)
 */
import { publishMessages } from '../src/fanout/index.js';
import { slowQueue } from './slowQueue.js';

const SMOKE = process.argv.includes('--smoke');
const MESSAGES = SMOKE ? 10_000 : 1_000_000;
const WARM_UP = SMOKE ? 1_000 : 50_000;
const TARGET_MB = 64;
const MB = 1_048_576;

const queueUrl = 'http://localhost/000000000000/bench';
const { client, accepted } = slowQueue(1);

async function* messages(count: number) {
  for (let i = 0; i < count; i++) yield { body: { number: i, notes: 'x'.repeat(200) } };
}

await publishMessages({ client, queueUrl }, messages(WARM_UP));
const before = process.memoryUsage();
let peakRss = before.rss;
let peakHeap = before.heapUsed;
const sampler = setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  peakRss = Math.max(peakRss, rss);
  peakHeap = Math.max(peakHeap, heapUsed);
}, 20);
const start = performance.now();
const { counts, calls } = await publishMessages({ client, queueUrl }, messages(MESSAGES));
clearInterval(sampler);

const result = {
  messages: counts.published,
  calls,
  seconds: Number(((performance.now() - start) / 1_000).toFixed(1)),
  rssBeforeMb: Math.round(before.rss / MB),
  rssGrowthMb: Math.round((peakRss - before.rss) / MB),
  heapGrowthMb: Math.round((peakHeap - before.heapUsed) / MB),
  targetMb: TARGET_MB,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else console.table(result);
const isWhole = counts.published === MESSAGES && accepted() === MESSAGES + WARM_UP;
process.exitCode = isWhole && (SMOKE || result.rssGrowthMb < TARGET_MB) ? 0 : 1;
