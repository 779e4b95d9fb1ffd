import { complain } from '../complain.js';
import { report } from '../report.js';
import { readFlags } from './readFlags.js';
import { runNdjson } from './run/runNdjson.js';
import { summary } from './run/summary.js';

/** The NDJSON pipeline on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad input. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    if (flags === undefined) return 0;
    const result = await runNdjson(flags);
    return report(result, flags.json, summary);
  } catch (error) {
    return complain('ndjson', error);
  }
}
