import { Command } from 'commander';
import { InputError } from '../inputError.js';
import { integer } from '../integerFlag.js';
import { parseCommand } from '../parseCommand.js';
import { path } from '../pathFlag.js';
import type { Flags } from './flags.js';

function program(): Command {
  return new Command('npm run example -- ndjson')
    .description(
      'Tracks NDJSON files that S3 tells of, lists each in exactly one manifest, and converts every manifest to Parquet.',
    )
    .option('--input <dir>', 'a folder of .ndjson files (default: files that the run makes)', path)
    .option('--files <n>', 'how many files the run makes', integer(2, 20_000), 1_000)
    .option('--max-files <n>', 'the most files in a manifest', integer(1, 300), 200)
    .option(
      '--max-bytes <n>',
      'the most bytes in a manifest: 700 MB, scaled',
      integer(1, 700_000_000),
      700_000,
    )
    .option('--builders <n>', 'how many builders run at once', integer(2, 64), 8)
    .option('--lock-ms <n>', "the TTL of the builders' lock", integer(100, 60_000), 2_000)
    .option('--chaos', 'lost replies, calls that are throttled or never arrive, duplicated batches', false)
    .option('--seed <n>', 'makes files, disorder and chaos', integer(0, 2_147_483_647), 1)
    .option('--no-state-machine', 'build manifests and start nothing: the switch that rolls back')
    .option('--json', 'one JSON object on standard output, everything else on standard error', false)
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride();
}

/** Reads the flags; `undefined` when help was asked for, and shown. Throws an {@link InputError} of one line. */
export function readFlags(argv: readonly string[]): Flags | undefined {
  type Given = Omit<Flags, 'input'> & { readonly input?: string };
  const given = parseCommand<Given>(program(), argv);
  return given && { ...given, input: given.input };
}
