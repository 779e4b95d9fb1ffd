import { Command, Option } from 'commander';
import { InputError } from '../inputError.js';
import { integer } from '../integerFlag.js';
import { parseCommand } from '../parseCommand.js';
import { type Flags, MOST_BY_MAP } from './flags.js';

function program(): Command {
  return new Command('npm run example -- precompute')
    .description(
      'One worker behind two doors: called by a Step Functions Map, and behind an SQS fan-out that a state waits for.',
    )
    .option('--items <n>', 'how many tickers', integer(1, 10_000), 46)
    .option('--fail <n>', 'how many of them the API refuses for good', integer(0, 10_000), 0)
    .option('--latency-ms <n>', 'how long the API and the database each take', integer(0, 10_000), 200)
    .addOption(
      new Option('--via <way>', 'how the tickers reach the worker')
        .choices(['map', 'sqs', 'both'])
        .default('both'),
    )
    .option('--json', 'one JSON object on standard output, everything else on standard error', false)
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride();
}

function checkTogether({ items, fail, via }: Flags): void {
  if (fail > items) throw new InputError(`--fail ${fail}: expected at most the ${items} of --items`);
  if (via !== 'sqs' && items > MOST_BY_MAP) {
    throw new InputError(
      `--items ${items}: expected at most ${MOST_BY_MAP}, which a Map's 256 KiB hold; use --via sqs`,
    );
  }
}

/** Reads the flags; `undefined` when help was asked for, and shown. Throws an {@link InputError} of one line. */
export function readFlags(argv: readonly string[]): Flags | undefined {
  const flags = parseCommand<Flags>(program(), argv);
  if (flags !== undefined) checkTogether(flags);
  return flags;
}
