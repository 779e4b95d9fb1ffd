import { checkCsv } from './books/csv/checkCsv.js';
import { readFlags } from './books/readFlags.js';
import { runJob } from './books/run/runJob.js';

const flags = readFlags(process.argv.slice(2))!;
const f = await runJob(flags, await checkCsv(flags.csv, flags.limit), new AbortController().signal);
console.log(f.timeline.points.map((p) => `${p.atMs}:${p.inFlight}/${p.settled}`).join(' '));
console.log(f.result.elapsedMs, f.result.peakRssMb);
