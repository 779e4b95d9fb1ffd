import { complain } from '../complain.js';
import { report } from '../report.js';
import { readFlags } from './readFlags.js';
import { runPrecompute } from './run/runPrecompute.js';
import { summary } from './run/summary.js';

/** The precompute job on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad flags. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    if (flags === undefined) return 0;
    const result = await runPrecompute(flags);
    return report(result, flags.json, summary);
  } catch (error) {
    return complain('precompute', error);
  }
}
