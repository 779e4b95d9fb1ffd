import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { InputError } from '../../inputError.js';
import { BadLineError, readRows } from '../convert/readRows.js';
import type { SourceFile } from './sourceFile.js';

const SUFFIX = '.ndjson';

const codeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
};

async function listFolder(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder, { recursive: true });
  } catch (cause) {
    throw new InputError(`--input ${folder}: expected a folder that can be read, got ${codeOf(cause)}`, {
      cause,
    });
  }
  const found = names.filter((name) => name.endsWith(SUFFIX)).sort();
  if (found.length === 0)
    throw new InputError(`--input ${folder}: expected at least one ${SUFFIX} file, found none`);
  return found;
}

/** Reads the whole file once, as a stream: a line that is no JSON object is found before anything starts. */
async function checkFile(folder: string, name: string): Promise<SourceFile | undefined> {
  const path = join(folder, name);
  const key = `incoming/${name.split(sep).join('/')}`;
  try {
    const status = await stat(path);
    if (!status.isFile()) return undefined;
    let rows = 0;
    for await (const _row of readRows(createReadStream(path), path)) rows += 1;
    return { key, size: status.size, rows, upload: (store) => store.upload(key, path) };
  } catch (cause) {
    if (cause instanceof BadLineError) throw new InputError(`--input: ${cause.message}`, { cause });
    throw new InputError(`--input ${path}: expected a file that can be read, got ${codeOf(cause)}`, {
      cause,
    });
  }
}

/** The `.ndjson` files of a folder and of those within it. @throws InputError of one line */
export async function readFolder(folder: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const name of await listFolder(folder)) {
    const file = await checkFile(folder, name);
    if (file !== undefined) files.push(file);
  }
  if (files.length === 0)
    throw new InputError(`--input ${folder}: expected at least one ${SUFFIX} file, found none`);
  return files;
}
