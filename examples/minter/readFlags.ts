import { Command } from 'commander';
import { InputError } from '../inputError.js';
import { integer } from '../integerFlag.js';
import { parseCommand } from '../parseCommand.js';

/** How a run of the minter was asked for. */
export interface Flags {
  /** Requests at once for the same identifiers. */
  readonly requests: number;
  /** Identifiers that each of them asks for. */
  readonly identifiers: number;
  readonly json: boolean;
}

/** A bad flag: one line that names it and says what was expected. The run ends with exit code 2. */
export class FlagError extends InputError {
  override readonly name = 'FlagError';
}

const program = (): Command =>
  new Command('npm run example -- minter')
    .description('Mints canonical ids for source identifiers: one core, behind a direct call and behind SQS.')
    .option('--requests <n>', 'direct requests at once for the same identifiers', integer(2, 500), 50)
    .option('--identifiers <n>', 'identifiers that each of them asks for', integer(1, 100), 10)
    .option('--json', 'one JSON object on standard output, everything else on standard error', false)
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride();

/** Reads the flags; `undefined` when help was asked for, and shown. Throws a {@link FlagError} of one line. */
export const readFlags = (argv: readonly string[]): Flags | undefined =>
  parseCommand<Flags>(program(), argv, (line, cause) => new FlagError(line, { cause }));
