import { Command, Option } from 'commander';
import { InputError } from '../inputError.js';
import { integer } from '../integerFlag.js';
import { parseCommand } from '../parseCommand.js';
import type { Flags } from './flags.js';

function program(): Command {
  return new Command('npm run example -- trading')
    .description(
      'Sessions of strategies by asynchronous invoke and by Step Functions; trades in two phases within limits; data fetched once.',
    )
    .addOption(
      new Option('--part <part>', 'what to run')
        .choices(['strategies', 'trades', 'fetch', 'all'])
        .default('all'),
    )
    .option('--strategies <n>', 'how many strategies a session has', integer(3, 20), 4)
    .option('--step-functions', 'the chosen session goes by Step Functions (USE_STEP_FUNCTIONS=true)', false)
    .option('--shadow', 'only run a session by both paths, and compare', false)
    .option('--plant', 'with --shadow: make the new path wrong, so that a difference is found', false)
    .option('--trades <n>', 'how many trades the largest run has', integer(20, 2_000), 200)
    .option('--fifo', 'put the trades on a FIFO queue', false)
    .option('--requests <n>', 'how many identical data requests there are', integer(1, 500), 100)
    .option('--simulate <n>', 'only simulate so many runs of trades, with faults', integer(1, 100_000))
    .option('--seed <n>', 'of the trades, their faults and the simulation', integer(0, 4_294_967_295), 1)
    .option('--json', 'one JSON object on standard output, everything else on standard error', false)
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride();
}

function checkTogether({ plant, shadow, simulate }: Flags): void {
  if (plant && !shadow) throw new InputError('--plant: expected --shadow with it');
  if (shadow && simulate !== undefined) {
    throw new InputError('--simulate: expected no --shadow with it: each runs alone');
  }
}

/** Reads the flags; `undefined` when help was asked for, and shown. Throws an {@link InputError} of one line. */
export function readFlags(argv: readonly string[]): Flags | undefined {
  const flags = parseCommand<Flags>(program(), argv);
  if (flags !== undefined) checkTogether(flags);
  return flags;
}
