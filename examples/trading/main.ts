import { InputError } from './inputError.js';
import { readFlags } from './readFlags.js';
import { runTrading } from './run/runTrading.js';
import { summary } from './run/summary.js';
import { usesStepFunctions } from './strategies/createSessionStarter.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** As the starter's environment would have it; the flag goes before it. */
function environment(isFlagged: boolean): string | undefined {
  const { USE_STEP_FUNCTIONS } = process.env;
  if (isFlagged) return 'true';
  try {
    usesStepFunctions({ USE_STEP_FUNCTIONS });
    return USE_STEP_FUNCTIONS;
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error));
  }
}

/** Trading on one machine. Answers the exit code: 0 all promises held, 1 one was broken, 2 bad flags. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    if (flags === undefined) return 0;
    const result = await runTrading(flags, environment(flags.stepFunctions));
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : summary(result));
    for (const promise of result.broken) say(`broken promise: ${promise}`);
    return result.broken.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof InputError) {
      say(`trading: ${error.message}`);
      return 2;
    }
    say(`broken promise: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
