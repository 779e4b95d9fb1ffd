/** An example takes its own flags and answers the exit code: 0 all promises held, 1 one was broken, 2 bad input. */
type Example = (flags: readonly string[]) => Promise<number>;

/** Loaded when it is asked for: each brings libraries of its own. */
const examples: Readonly<Record<string, () => Promise<{ readonly main: Example }>>> = {
  books: () => import('./books/main.js'),
  minter: () => import('./minter/main.js'),
  ndjson: () => import('./ndjson/main.js'),
  precompute: () => import('./precompute/main.js'),
  trading: () => import('./trading/main.js'),
};

/** `npm run example -- NAME [flags]` */
async function run([name, ...flags]: readonly string[]): Promise<number> {
  const example = name !== undefined && Object.hasOwn(examples, name) ? examples[name] : undefined;
  if (example) return (await example()).main(flags);
  const names = Object.keys(examples).join(', ');
  if (name === '--help' || name === '-h') {
    process.stdout.write(
      `npm run example -- NAME [flags]\nNAME is one of: ${names}; each takes --help and --json\n`,
    );
    return 0;
  }
  const found = name === undefined ? 'none' : JSON.stringify(name);
  process.stderr.write(
    `npm run example -- NAME [flags]: expected the name of an example (${names}), found ${found}\n`,
  );
  return 2;
}

const code = await run(process.argv.slice(2));
// A function that chaos killed leaves its timers behind, as no process on AWS could: they must not keep this one alive.
process.stdout.write('', () => process.exit(code));
