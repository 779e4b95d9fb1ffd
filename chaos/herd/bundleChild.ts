import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// What esbuild leaves of CommonJS packages in a module asks for a `require`.
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** The children's program as one file. */
export interface ChildProgram {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Puts the sources and every package that a child needs into one file, in a folder of its own: a process then starts
 * in a fifth of the time that loading them one by one takes, and a run can afford to kill many.
 */
export async function bundleChild(): Promise<ChildProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'fanfold-chaos-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await build({
      config: false,
      silent: true,
      entry: { child: join(ROOT, 'chaos/child/main.ts') },
      tsconfig: join(ROOT, 'tsconfig.json'),
      outDir: folder,
      format: 'esm',
      outExtension: () => ({ js: '.mjs' }),
      target: 'node20',
      platform: 'node',
      splitting: false,
      noExternal: [/./],
      banner: { js: REQUIRE },
    });
    return { path: join(folder, 'child.mjs'), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
