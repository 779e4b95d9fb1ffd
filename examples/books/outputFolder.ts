import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../inputError.js';
import type { Dashboard } from './dashboard/dashboard.js';
import { type Timeline, timelineChart } from './dashboard/timeline.js';
import { TEMPORARY_SUFFIX, writeAtomically } from './dashboard/writeAtomically.js';

/** Says which job has been started here and not yet finished. */
const MARKER = '.unfinished.json';
const TIMELINE_SIZE = { width: 1_000, height: 420 };

/** Where a run's files go. */
export interface OutputFolder {
  /** Whether an earlier run of the same job was started here and never finished. */
  readonly interrupted: boolean;
  write(dashboard: Dashboard, timeline: Timeline): Promise<void>;
}

async function unfinishedId(folder: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(join(folder, MARKER), 'utf8')) as { id?: unknown }).id;
  } catch {
    return undefined;
  }
}

/** Makes the folder ready for a job, and tidies up after a run that was killed. */
export async function openOutputFolder(folder: string, id: string): Promise<OutputFolder> {
  try {
    await mkdir(folder, { recursive: true });
    const interrupted = (await unfinishedId(folder)) === id;
    const left = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY_SUFFIX));
    for (const name of left) await rm(join(folder, name), { force: true });
    await writeAtomically(join(folder, MARKER), JSON.stringify({ id }));
    return {
      interrupted,
      async write(dashboard, timeline) {
        // They bring the library that draws: a job that runs needs its memory for something else.
        const { renderChart } = await import('./dashboard/renderChart.js');
        const { dashboardPage } = await import('./dashboard/page.js');
        const svg = renderChart(timelineChart(timeline), TIMELINE_SIZE);
        await writeAtomically(join(folder, 'timeline.svg'), svg);
        await writeAtomically(join(folder, 'dashboard.html'), dashboardPage(dashboard, timeline));
        await writeAtomically(join(folder, 'dashboard.json'), `${JSON.stringify(dashboard, null, 2)}\n`);
        await rm(join(folder, MARKER), { force: true });
      },
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`--out ${folder}: expected a folder to write to, got ${code ?? message}`, {
      cause: error,
    });
  }
}
