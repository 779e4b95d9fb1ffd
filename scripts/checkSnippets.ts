import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Type-checks every TypeScript block of the README and the docs as a file of its own, against the source. */
const folder = 'out/snippets';
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

const docs = (await readdir('docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
let count = 0;
for (const page of ['README.md', ...docs]) {
  const text = await readFile(page, 'utf8');
  for (const [, code = ''] of text.matchAll(/^```ts\n(.*?)^```$/gms)) {
    count += 1;
    await writeFile(`${folder}/${page.replace(/\W/g, '_')}_${count}.ts`, `${code}\nexport {};\n`);
  }
}

const tsconfig = {
  extends: '../../tsconfig.json',
  include: ['./*.ts'],
  exclude: [],
  compilerOptions: { lib: ['ES2023'] },
};
await writeFile(`${folder}/tsconfig.json`, JSON.stringify(tsconfig));
await promisify(execFile)('npx', ['--no-install', 'tsc', '-p', folder]).catch(
  ({ stdout }: { stdout: string }) => {
    console.error(stdout);
    process.exitCode = 1;
  },
);
console.log(`${count} snippets, ${process.exitCode === 1 ? 'some do not compile' : 'all compile'}`);
