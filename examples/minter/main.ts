import { complain } from '../complain.js';
import { report } from '../report.js';
import { type Flags, readFlags } from './readFlags.js';
import { brokenPromises } from './run/brokenPromises.js';
import { runMinter } from './run/runMinter.js';
import { summary } from './run/summary.js';

async function run(flags: Flags): Promise<number> {
  const result = await runMinter(flags, (line) => process.stderr.write(`${JSON.stringify(line)}\n`));
  return report({ ...result, broken: brokenPromises(result, flags) }, flags.json, summary);
}

/** The minter on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad flags. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    return flags === undefined ? 0 : await run(flags);
  } catch (error) {
    return complain('minter', error);
  }
}
