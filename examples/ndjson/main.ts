import { InputError } from './inputError.js';
import { readFlags } from './readFlags.js';
import { runNdjson } from './run/runNdjson.js';
import { summary } from './run/summary.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** The NDJSON pipeline on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad input. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    if (flags === undefined) return 0;
    const result = await runNdjson(flags);
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : summary(result));
    for (const promise of result.broken) say(`broken promise: ${promise}`);
    return result.broken.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof InputError) {
      // A file can be named anything, even over two lines.
      say(`ndjson: ${error.message.replaceAll('\n', ' ')}`);
      return 2;
    }
    say(`broken promise: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
