import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Peers that the user installs anyway are not counted: the AWS SDK, zod, and the emulators of `fanfold/local`. */
const EXTERNAL = [
  '@aws-sdk/*',
  '@smithy/*',
  'zod',
  'dynalite',
  'fauxqs',
  'aws-local-stepfunctions',
  '@redis/client',
  '@valkey/valkey-glide',
];

/** The KB of some code as a user's bundler makes it: minified, gzipped, without peers. */
export async function gzipKb(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: 'bench' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: EXTERNAL,
    write: false,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1_024;
}

export const entryCode = (entry: string): string => `export * from '${entry}';`;
export const namesCode = (names: string): string => `export { ${names} } from 'fanfold';`;
