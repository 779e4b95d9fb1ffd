import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compile, install, installPackage } from './core/prepare.js';

/**
 * `npm run bench [-- NAME… --smoke]`: installs the contestants, builds the package as it is published, and runs the
 * benchmarks in a process without a transpiler, which would slow closures down and so favour whoever has none.
 */
await install();
await installPackage();
const child = spawn(process.execPath, ['--expose-gc', await compile(), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
