import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a process that was killed over a write can leave behind. */
export const TEMPORARY_SUFFIX = '.fanfold-tmp';

/** Writes a file whole or not at all: whoever looks at `path` sees the old one or the new one, never a half. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  // In the same folder, because a rename is only atomic within a file system.
  const temporary = join(folder, `.${randomUUID()}${TEMPORARY_SUFFIX}`);
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
