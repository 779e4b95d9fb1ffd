import { fanOut } from 'fanfold';
import pMap from 'p-map';

/** `node fanOutMemory.mjs CONTESTANT ITEMS`: prints by how many MB the resident set grew at its peak. */
const [, , contestant = '', count = ''] = process.argv;
const MB = 1_048_576;
const contestants: Readonly<Record<string, (items: readonly number[]) => Promise<unknown>>> = {
  fanfold: (items) => fanOut(items, work),
  'p-map': (items) => pMap(items, work, { concurrency: 10 }),
  'Promise.allSettled': (items) => Promise.allSettled(items.map(work)),
};

/** Waits for the event loop to turn, as a call would: whoever starts everything at once holds everything at once. */
async function work(item: number): Promise<{ item: number }> {
  await new Promise((resolve) => setImmediate(resolve));
  return { item };
}

const run = contestants[contestant];
if (run === undefined) throw new Error(`expected one of ${Object.keys(contestants).join(', ')}`);
const items = Array.from({ length: Number(count) }, (_, index) => index);
await run(items.slice(0, 1_000));
globalThis.gc?.();
const before = process.memoryUsage.rss();
const results = await run(items);
// In KB; the most that the process ever had, so that no sampler can miss it.
const peak = process.resourceUsage().maxRSS * 1_024;
if (results === undefined) throw new Error('no results');
console.log(Math.max(0, peak - before) / MB);
