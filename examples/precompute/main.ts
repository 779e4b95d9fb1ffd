import { InputError } from './inputError.js';
import { readFlags } from './readFlags.js';
import { runPrecompute } from './run/runPrecompute.js';
import { summary } from './run/summary.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** The precompute job on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad flags. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    if (flags === undefined) return 0;
    const result = await runPrecompute(flags);
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : summary(result));
    for (const promise of result.broken) say(`broken promise: ${promise}`);
    return result.broken.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof InputError) {
      say(`precompute: ${error.message}`);
      return 2;
    }
    say(`broken promise: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
