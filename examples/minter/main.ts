import { FlagError, type Flags, readFlags } from './readFlags.js';
import { brokenPromises } from './run/brokenPromises.js';
import { runMinter } from './run/runMinter.js';
import { summary } from './run/summary.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function run(flags: Flags): Promise<number> {
  const result = await runMinter(flags, (line) => say(JSON.stringify(line)));
  const broken = brokenPromises(result, flags);
  process.stdout.write(flags.json ? `${JSON.stringify({ ...result, broken })}\n` : summary(result));
  for (const promise of broken) say(`broken promise: ${promise}`);
  return broken.length === 0 ? 0 : 1;
}

/** The minter on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad flags. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    return flags === undefined ? 0 : await run(flags);
  } catch (error) {
    if (error instanceof FlagError) {
      say(`minter: ${error.message}`);
      return 2;
    }
    say(`broken promise: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
