import { mkdir, writeFile } from 'node:fs/promises';
import { childNumber } from '../core/childJson.js';
import { compare } from '../core/compare.js';
import { atMost, type Benchmark, type Measure, toMeasure } from '../core/measure.js';

const PROBES = 'out/probes';
const EMPTY = { require: '../../empty.cjs', import: '../../empty.mjs' };

/**
 * Loads a module in a process of its own and says how long that took there. From a file: code given by `-e` finds
 * half of Node's own modules loaded already.
 */
async function load(how: 'require' | 'import', module: string): Promise<number> {
  const name = JSON.stringify(module);
  const loading = how === 'require' ? `require(${name})` : `await import(${name})`;
  const probe = `${PROBES}/${module.replace(/\W+/g, '-')}.${how === 'require' ? 'cjs' : 'mjs'}`;
  await mkdir(`bench/${PROBES}`, { recursive: true });
  await writeFile(
    `bench/${probe}`,
    `const start = performance.now(); ${loading}; console.log(performance.now() - start);\n`,
  );
  return childNumber(probe);
}

/** An empty module is loaded right before, so that both meet the same machine. */
const overEmpty = (how: 'require' | 'import', module: string) => async () => {
  const empty = await load(how, EMPTY[how]);
  return { ms: (await load(how, module)) - empty };
};

async function loading(how: 'require' | 'import', rounds: number): Promise<Measure> {
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
      what:
        how === 'require'
          ? "require('fanfold'), over an empty module"
          : "import 'fanfold', over an empty module",
      unit: 'ms',
      why: 'the whole package is loaded here, all of its rooms; an entry or a bundle loads a part. Files are read, compiled and linked one by one',
      targets: (_, { median }) => [atMost(5, 'ms', median)],
    },
  );
}

/** What importing the whole package adds to a start, without a bundler; each time in a process of its own. */
export const benchmark: Benchmark = {
  title: 'Load time',
  async run(isSmoke) {
    const rounds = isSmoke ? 1 : 20;
    return [await loading('require', rounds), await loading('import', rounds)];
  },
};
