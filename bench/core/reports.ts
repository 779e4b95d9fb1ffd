import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Report } from './measure.js';
import { benchmarkNames } from './names.js';

const FOLDER = 'bench/results';

export async function writeReport(report: Report): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}/${report.name}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** The reports that are written down, in the order of the benchmarks. */
export async function readReports(): Promise<Report[]> {
  const texts = await Promise.all(
    benchmarkNames.map((name) => readFile(`${FOLDER}/${name}.json`, 'utf8').catch(() => undefined)),
  );
  // Nobody but writeReport writes there.
  return texts.filter((text) => text !== undefined).map((text) => JSON.parse(text) as Report);
}
