import { readFile } from 'node:fs/promises';

/** Licences under which a package may be depended on: permissive ones only. */
const allowed = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'MIT-0',
]);

interface Locked {
  readonly license?: string;
  readonly version?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

async function lockedBy(file: string): Promise<[path: string, locked: Locked][]> {
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, Locked> };
  return Object.entries(packages);
}

// Whom the benchmarks measure is no dependency of the library: all of it is a developer's tool.
const packages = [
  ...(await lockedBy('package-lock.json')),
  ...(await lockedBy('bench/package-lock.json')).map(([path, locked]): [string, Locked] => [
    `bench/${path}`,
    { ...locked, dev: true },
  ]),
];

/** Weak copyleft is fine in a developer's tool, which no user of the library receives. */
const allowedForTools = new Set([...allowed, 'MPL-2.0']);

/** Tools whose code the builds carry: users do receive it. */
const carried = new Set(['node_modules/p-limit', 'node_modules/yocto-queue']);

/** `(MIT OR X)` is as good as the best of its choices; `MIT AND X` needs them all. */
function isAllowed(licence: string, among: ReadonlySet<string>): boolean {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => among.has(part.trim())));
}

const installed = packages.filter(([path, { link }]) => path.includes('node_modules/') && link !== true);
const bad = installed.filter(
  ([path, { license = 'none', dev }]) =>
    !isAllowed(license, dev && !carried.has(path) ? allowedForTools : allowed),
);
for (const [path, { license = 'none', version }] of bad) console.error(`${path}@${version}: ${license}`);
console.log(`${installed.length} packages, ${bad.length} with a licence that is not allowed`);
process.exitCode = bad.length > 0 || installed.length === 0 ? 1 : 0;
