import { Command } from 'commander';
import { integer } from '../examples/integerFlag.js';
import type { Flags } from './flags.js';

/** Reads the flags. Commander has shown help or the error when it throws its `CommanderError`. */
export function readFlags(argv: readonly string[]): Flags {
  return new Command('npm run chaos --')
    .description(
      'Runs fan-out and fan-in in real processes over local AWS servers, kills them with SIGKILL at random moments, restarts them until the job ends, and checks that the ledger balances.',
    )
    .option('--runs <n>', 'how many runs', integer(1, 10_000), 20)
    .option('--seed <n>', 'of the first run; the next run takes the next one', integer(0, 4_000_000_000), 1)
    .option('--items <n>', 'items of a job', integer(20, 5_000), 300)
    .option('--json', 'one JSON object on standard output, everything else on standard error', false)
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride()
    .parse([...argv], { from: 'user' })
    .opts<Flags>();
}
