import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from 'esbuild';
import { compare, msOf } from '../core/compare.js';
import { type Benchmark, toMeasure } from '../core/measure.js';

const names = ['fanfold', 'byHand', 'powertools', 'middy'] as const;

/** A process that handles one event, from its start to its end. */
const start = (handler: (typeof names)[number]) => async () => ({
  ms: await msOf(async () => {
    const child = spawn(process.execPath, [`bench/out/handlers/${handler}.mjs`], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${handler}: exit code ${code}`);
  }),
});

/** A whole handler, bundled and minified with its schema library, as a process that starts, handles one event and ends. */
export const benchmark: Benchmark = {
  title: 'Cold start',
  async run(isSmoke) {
    await build({
      entryPoints: names.map((name) => `bench/handlers/${name}.ts`),
      outdir: 'bench/out/handlers',
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['@aws-sdk/*'],
      // The alias of tsconfig.json would take the source; here the built package is meant.
      tsconfigRaw: {},
      logLevel: 'error',
    });
    const comparison = await compare(
      {
        fanfold: start('fanfold'),
        'hand-written loop': start('byHand'),
        'Powertools batch with parser': start('powertools'),
        middy: start('middy'),
      },
      { rounds: isSmoke ? 1 : 20, warmUps: 1 },
    );
    return [
      toMeasure(
        comparison.runsOf('ms', 'fanfold', 'hand-written loop', 'Powertools batch with parser', 'middy'),
        {
          what: 'a bundled handler as a process: start, one record, end',
          unit: 'ms',
          why: 'most of it is Node itself and zod, which all of them load',
        },
      ),
    ];
  },
};
