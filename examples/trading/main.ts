import { complain } from '../complain.js';
import { InputError } from '../inputError.js';
import { report } from '../report.js';
import { readFlags } from './readFlags.js';
import { runTrading } from './run/runTrading.js';
import { summary } from './run/summary.js';
import { usesStepFunctions } from './strategies/createSessionStarter.js';

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
    return report(result, flags.json, summary);
  } catch (error) {
    return complain('trading', error);
  }
}
