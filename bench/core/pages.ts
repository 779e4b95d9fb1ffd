import { readFile, writeFile } from 'node:fs/promises';
import { readReports } from './reports.js';
import { readmeTable, wholeTable, withGeneratedPart } from './tables.js';

/** Writes the tables of the README and of docs/benchmarks.md from what was measured last. */
export async function writePages(): Promise<void> {
  const reports = await readReports();
  const pages = { 'README.md': readmeTable(reports), 'docs/benchmarks.md': wholeTable(reports) };
  for (const [page, table] of Object.entries(pages))
    await writeFile(page, withGeneratedPart(await readFile(page, 'utf8'), table));
}
