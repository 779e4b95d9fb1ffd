import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

const REQUIRED = /^var (\w+) = (require\('\.\/.+?'\));$/gm;
/** A file that others need and the entry does not: nothing in the package has side effects. */
const REQUIRED_IN_VAIN = /^require\('\.\/.+?'\);$/gm;

async function rewrite(file: string): Promise<void> {
  const code = await readFile(file, 'utf8');
  const chunks = [...code.matchAll(REQUIRED)];
  if (chunks.length === 0) throw new Error(`${file}: expected lines such as var x = require('./y.cjs');`);
  let lazy = code.replace(REQUIRED, '').replace(REQUIRED_IN_VAIN, '');
  for (const [, name, required] of chunks) lazy = lazy.replaceAll(`return ${name}.`, `return ${required}.`);
  const left = chunks.find(([, name = '']) => lazy.includes(name));
  if (left) throw new Error(`${file}: ${left[1]} is used for more than re-exports`);
  await writeFile(file, lazy);
}

/**
 * Has a CommonJS entry that only re-exports load each of its files when the first of that file's names is used: who
 * takes one primitive of the whole package does not wait for the others.
 */
export const requireWhenUsed = (entry: string): Plugin => ({
  name: 'require-when-used',
  async buildEnd() {
    if (this.format === 'cjs') await rewrite(join(this.options.outDir, entry));
  },
});
