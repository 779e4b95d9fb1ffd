import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the counterparts live; git ignores it. */
export const COUNTERPARTS = 'out/counterparts';

/**
 * Fills the folder of a counterpart, unless it was filled for the same version before. The mark is written last: an
 * installation that was interrupted is begun anew.
 */
export async function install(
  name: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(COUNTERPARTS, name);
  const mark = join(folder, 'installed');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === version) return folder;
  console.log(`installing ${version} …`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill(folder);
  await writeFile(mark, version);
  return folder;
}
