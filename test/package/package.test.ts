import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Local, startLocal } from '../../src/local/index.js';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'fixtures');
const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const pinned = (name: string) => `${name}@${devDependencies[name]}`;

let work: string;
let tarball: string;

/** An empty service that has installed the tarball and only the named packages, as a user would. */
async function service(name: string, packages: string[]): Promise<string> {
  const folder = await mkdtemp(join(work, `${name}-`));
  await writeFile(join(folder, 'package.json'), '{ "name": "service", "version": "1.0.0", "private": true }');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...quiet, tarball, ...packages], { cwd: folder });
  for (const file of await readdir(fixtures)) await cp(join(fixtures, file), join(folder, file));
  return folder;
}

async function node(folder: string, file: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [file, ...args], { cwd: folder });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'fanfold-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', work], { cwd: root });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  tarball = join(work, packed?.filename ?? '');
}, 120_000);

afterAll(() => rm(work, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds what users need, and nothing else', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout
      .trim()
      .split('\n')
      .map((file) => file.replace(/^package\//, ''));
    const other = files.filter((file) => !/^dist\/([a-z]+\/)?[\w-]+\.(js|cjs|d\.ts|d\.cts)$/.test(file));
    expect(other.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD_PARTY_LICENSES.md',
      'package.json',
    ]);
  });

  it('has no install script, and needs nothing at run time', async () => {
    const { stdout } = await run('tar', ['-xzOf', tarball, 'package/package.json']);
    const { scripts, dependencies } = JSON.parse(stdout) as Record<string, Record<string, string>>;
    expect(Object.keys(scripts ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
    expect(Object.keys(dependencies ?? {})).toEqual([]);
  });
});

describe('a service with no peer installed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await service('bare', []);
  }, 120_000);

  it.each(['imports.mjs', 'imports.cjs'])('loads every entry, and fans out (%s)', async (file) => {
    expect(await node(folder, file)).toEqual({ loaded: 7, aws: [], succeeded: 3 });
  });

  it('loads the whole package file by file, as its names are used (lazy.cjs)', async () => {
    expect(await node(folder, 'lazy.cjs')).toEqual({ atFirst: 1, forJobs: true, forAll: true });
  });

  it.each(['crypto.mjs', 'crypto.cjs'])(
    'loads node:crypto only once something is hashed (%s)',
    async (file) => {
      expect(await node(folder, file)).toEqual({
        before: false,
        name: expect.stringMatching(/^a-b--[0-9a-f]{20}$/),
        after: true,
      });
    },
  );

  it.each(['missing.mjs', 'missing.cjs'])('is told which package to install (%s)', async (file) => {
    expect(await node(folder, file)).toEqual([
      'MissingPeer: @aws-sdk/client-sqs is not installed: run "npm install @aws-sdk/client-sqs"',
      'MissingPeer: @aws-sdk/client-dynamodb is not installed: run "npm install @aws-sdk/client-dynamodb"',
      expect.stringMatching(/^MissingPeer: (dynalite|fauxqs) is not installed/),
    ]);
  });
});

describe('a service with the SQS client only', () => {
  let folder: string;
  let local: Local;
  beforeAll(async () => {
    folder = await service('sqs', [pinned('@aws-sdk/client-sqs'), pinned('zod'), pinned('@types/node')]);
    local = await startLocal();
  }, 120_000);
  afterAll(() => local.stop());

  it.each(['publish.mjs', 'publish.cjs'])('publishes to a queue and works it off (%s)', async (file) => {
    expect(await node(folder, file, local.endpoints.sqs)).toEqual({
      published: 25,
      received: 25,
      batchItemFailures: 1,
    });
  });

  it.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])(
    'type-checks with module %s and moduleResolution %s, declarations included',
    async (module, moduleResolution) => {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2023'],
        types: ['node'],
        strict: true,
      };
      const options = {
        ...compilerOptions,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: options, files: ['types.mts', 'types.cts'] }),
      );
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      await run(process.execPath, [tsc, '-p', folder]).catch(({ stdout }) => expect.unreachable(stdout));
    },
  );
});
