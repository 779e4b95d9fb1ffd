import { mkdir, writeFile } from 'node:fs/promises';
import { childNumber } from '../core/childJson.js';
import { compare } from '../core/compare.js';
import { atMost, type Benchmark, type Measure, toMeasure } from '../core/measure.js';

const PROBES = 'out/probes';

const ways = {
  require: {
    what: "require('fanfold')",
    load: (name: string) => `require(${name})`,
    empty: '../../empty.cjs',
  },
  // It loads a file when the first of its names is used: what all of them come to, once used.
  requireAll: {
    what: "require('fanfold') and use of every name",
    load: (name: string) => `Object.values(require(${name}))`,
    empty: '../../empty.cjs',
  },
  import: {
    what: "import 'fanfold'",
    load: (name: string) => `await import(${name})`,
    empty: '../../empty.mjs',
  },
} as const;
type How = keyof typeof ways;

/**
 * Loads a module in a process of its own and says how long that took there. From a file: code given by `-e` finds
 * half of Node's own modules loaded already.
 */
async function load(how: How, module: string): Promise<number> {
  const name = JSON.stringify(module);
  const probe = `${PROBES}/${how}-${module.replace(/\W+/g, '-')}.${how === 'import' ? 'mjs' : 'cjs'}`;
  await mkdir(`bench/${PROBES}`, { recursive: true });
  await writeFile(
    `bench/${probe}`,
    `const start = performance.now(); ${ways[how].load(name)}; console.log(performance.now() - start);\n`,
  );
  return childNumber(probe);
}

/** An empty module is loaded right before, so that both meet the same machine. */
const overEmpty = (how: How, module: string) => async () => {
  const empty = await load(how, ways[how].empty);
  return { ms: (await load(how, module)) - empty };
};

async function loading(how: How, rounds: number): Promise<Measure> {
  const comparison = await compare(
    {
      fanfold: overEmpty(how, 'fanfold'),
      'sqs-producer (with its SDK client)': overEmpty(how, 'sqs-producer'),
      'Powertools batch': overEmpty(how, '@aws-lambda-powertools/batch'),
    },
    { rounds, warmUps: 1 },
  );
  return toMeasure(
    comparison.runsOf('ms', 'fanfold', 'sqs-producer (with its SDK client)', 'Powertools batch'),
    {
      what: `${ways[how].what}, over an empty module`,
      unit: 'ms',
      why: 'the whole package is loaded here, all of its rooms; an entry or a bundle loads a part. Files are read, compiled and linked one by one',
      ...(how === 'requireAll' ? {} : { targets: (_, { median }) => [atMost(5, 'ms', median)] }),
    },
  );
}

/** What importing the whole package adds to a start, without a bundler; each time in a process of its own. */
export const benchmark: Benchmark = {
  title: 'Load time',
  async run(isSmoke) {
    const rounds = isSmoke ? 1 : 20;
    return [
      await loading('require', rounds),
      await loading('requireAll', rounds),
      await loading('import', rounds),
    ];
  },
};
