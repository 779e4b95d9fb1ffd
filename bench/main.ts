import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { msOf } from './core/compare.js';
import type { Benchmark, Report } from './core/measure.js';
import { type BenchmarkName, benchmarkNames, isBenchmarkName } from './core/names.js';
import { writePages } from './core/pages.js';
import { printReport } from './core/printReport.js';
import { writeReport } from './core/reports.js';

const HELP = `Measures fanfold beside others, and writes bench/results/NAME.json and the tables made of them.

  npm run bench                all of them
  npm run bench -- NAME…       ${benchmarkNames.join(', ')}

  --smoke   as little as shows that it still works; writes nothing
`;

const benchmarks: Readonly<Record<BenchmarkName, () => Promise<{ benchmark: Benchmark }>>> = {
  publishing: () => import('./benchmarks/publishing.js'),
  mixedSizes: () => import('./benchmarks/mixedSizes.js'),
  publishMemory: () => import('./benchmarks/publishMemory.js'),
  worker: () => import('./benchmarks/worker.js'),
  jobs: () => import('./benchmarks/jobs.js'),
  fanIn: () => import('./benchmarks/fanIn.js'),
  completion: () => import('./benchmarks/completion.js'),
  fanOut: () => import('./benchmarks/fanOut.js'),
  sizes: () => import('./benchmarks/sizes.js'),
  load: () => import('./benchmarks/load.js'),
  coldStart: () => import('./benchmarks/coldStart.js'),
  scale: () => import('./benchmarks/scale.js'),
};

async function runAll(names: readonly BenchmarkName[], isSmoke: boolean): Promise<void> {
  const missed: string[] = [];
  for (const name of names) {
    const { benchmark } = await benchmarks[name]();
    let report: Report | undefined;
    const ms = await msOf(async () => {
      const machine = { node: process.versions.node, platform: process.platform, cpus: cpus().length };
      report = { name, title: benchmark.title, machine, measures: await benchmark.run(isSmoke) };
    });
    if (report === undefined) continue;
    printReport(report, ms);
    for (const { what, targets } of report.measures)
      for (const { text, value, isMet } of targets)
        if (!isMet) missed.push(`${what}: ${text}, came to ${value}`);
    if (!isSmoke) await writeReport(report);
  }
  // A smoke run is too short to say anything about a target.
  if (isSmoke) return;
  await writePages();
  console.log(missed.length === 0 ? '\nevery target is met' : `\nmissed targets:\n  ${missed.join('\n  ')}`);
}

const { values, positionals } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !isBenchmarkName(name));
if (values.help) console.log(HELP);
else if (unknown !== undefined) {
  console.error(
    `expected the names of benchmarks (${benchmarkNames.join(', ')}), got ${JSON.stringify(unknown)}`,
  );
  process.exitCode = 2;
} else {
  const names = positionals.filter(isBenchmarkName);
  await runAll(names.length > 0 ? names : benchmarkNames, values.smoke);
}
