import { execFile } from 'node:child_process';
import { copyFile, rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build as buildPackage } from 'tsup';
import packageBuild from '../../tsup.config.js';

const PACKAGE = 'bench/node_modules/fanfold';
const OUT = 'bench/out';

const modified = async (path: string): Promise<number> =>
  (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

/** Installs the contestants, once and whenever they have changed. */
export async function install(): Promise<void> {
  const locked = await modified('bench/package-lock.json');
  if ((await modified('bench/node_modules/.package-lock.json')) >= locked) return;
  console.error('installing the contestants (once)');
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: 'bench' });
}

/**
 * Builds the package as it is published, without its declarations, to where a dependency would stand: what is measured
 * is what users install, not the source through a transpiler.
 */
export async function installPackage(): Promise<void> {
  await rm(PACKAGE, { recursive: true, force: true });
  if (typeof packageBuild === 'function' || Array.isArray(packageBuild)) {
    throw new Error('tsup.config.ts: expected plain options');
  }
  await buildPackage({
    ...packageBuild,
    config: false,
    dts: false,
    clean: false,
    silent: true,
    outDir: `${PACKAGE}/dist`,
  });
  await copyFile('package.json', `${PACKAGE}/package.json`);
}

/** Compiles the benchmarks, and answers what to run. */
export async function compile(): Promise<string> {
  const { build } = await import('esbuild');
  await rm(OUT, { recursive: true, force: true });
  await build({
    entryPoints: ['bench/main.ts', 'bench/children/*.ts'],
    outdir: OUT,
    outbase: 'bench',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    // An alias of tsconfig.json for the editor; here the built package is meant.
    tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return `${OUT}/main.mjs`;
}
