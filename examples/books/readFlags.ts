import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../inputError.js';
import { integer } from '../integerFlag.js';
import { parseCommand } from '../parseCommand.js';
import { path } from '../pathFlag.js';
import type { Flags } from './flags.js';

const LIBRARY = fileURLToPath(new URL('data/library.csv', import.meta.url));

function url(text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return text;
  throw new InvalidArgumentError('expected an http or https URL');
}

function id(text: string): string {
  // It becomes part of an S3 key and of a file's text.
  if (/^[\w.-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('expected 1 to 100 letters, digits, dots, hyphens or underscores');
}

function program(): Command {
  return new Command('npm run demo --')
    .description(
      'Fans a CSV of books out over SQS, enriches them with many workers at once and folds the results into one dashboard.',
    )
    .addOption(
      new Option('--csv <path>', 'Goodreads library export, or a file with the columns of goodbooks-10k')
        .argParser(path)
        .default(LIBRARY, '565 books'),
    )
    .option('--limit <n>', 'take only the first rows', integer(1, 16_777_216))
    .option('--latency-ms <ms>', 'how long the API takes for one book', integer(0, 60_000), 1_800)
    .option('--concurrency <n>', 'workers (Lambdas) at once', integer(1, 1_000), 400)
    .option('--batch-size <n>', 'records that one worker gets', integer(1, 10), 1)
    .option(
      '--worker-concurrency <n>',
      'records that one worker works on at once (default: all)',
      integer(1, 10),
    )
    .option('--ramp', "Lambda's scaling: 5 pollers at first, 300 more a minute", false)
    .option('--chaos', 'duplicates, lost replies, throttling and killed workers', false)
    .option('--seed <n>', 'of every fault', integer(0, 4_294_967_295), 1)
    .option('--id <id>', 'processing id (default: a UUID)', id)
    .option('--api <url>', 'base URL of a Google Books API (default: a local one)', url)
    .option('--no-faults', 'the local API neither fails nor throttles')
    .option('--out <dir>', 'where the dashboard is written', path, 'out/books')
    .option('--json', 'one JSON object on standard output, everything else on standard error', false)
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride();
}

interface Given extends Omit<Flags, 'limit' | 'workerConcurrency' | 'id' | 'api'> {
  readonly limit?: number;
  readonly workerConcurrency?: number;
  readonly id?: string;
  readonly api?: string;
}

/** Reads the flags; `undefined` when help was asked for, and shown. Throws an {@link InputError} of one line. */
export function readFlags(argv: readonly string[]): Flags | undefined {
  const command = program();
  const given = parseCommand<Given>(
    command,
    argv,
    (line, cause) => new InputError(explain(line, cause, command.args), { cause }),
  );
  return (
    given && {
      ...given,
      limit: given.limit ?? Infinity,
      workerConcurrency: given.workerConcurrency ?? given.batchSize,
      id: given.id ?? randomUUID(),
      api: given.api,
    }
  );
}

function explain(line: string, { code }: CommanderError, rest: readonly string[]): string {
  if (code === 'commander.excessArguments')
    return `expected flags only, found ${JSON.stringify(rest.join(' '))}`;
  return code === 'commander.optionMissingArgument' ? `${line}: expected a value after it` : line;
}
