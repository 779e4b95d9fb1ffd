import { fanOut } from 'fanfold';
import pMap from 'p-map';
import { childNumber } from '../core/childJson.js';
import { compare, msOf } from '../core/compare.js';
import { atMost, type Benchmark, toMeasure } from '../core/measure.js';

const grow = (contestant: string, count: number) => async () => ({
  mb: await childNumber('--expose-gc', 'out/children/fanOutMemory.mjs', contestant, String(count)),
});

/** What in-process fan-out costs an item whose own work costs nothing. `Promise.allSettled` limits nothing. */
export const benchmark: Benchmark = {
  title: 'fanOut',
  async run(isSmoke) {
    const count = isSmoke ? 1_000 : 100_000;
    const items = Array.from({ length: count }, (_, index) => index);
    const work = async (item: number) => item + 1;
    const timed = (run: () => Promise<unknown>) => async () => ({
      micros: ((await msOf(run)) * 1_000) / count,
    });
    const times = await compare(
      {
        fanfold: timed(() => fanOut(items, work)),
        'p-map': timed(() => pMap(items, work, { concurrency: 10 })),
        'Promise.allSettled': timed(() => Promise.allSettled(items.map(work))),
      },
      { rounds: isSmoke ? 1 : 21, warmUps: isSmoke ? 0 : 3 },
    );
    const memory = await compare(
      {
        fanfold: grow('fanfold', count),
        'p-map': grow('p-map', count),
        'Promise.allSettled': grow('Promise.allSettled', count),
      },
      { rounds: isSmoke ? 1 : 5, warmUps: 0 },
    );
    const of = `fan out ${count.toLocaleString('en')} items in process`;
    return [
      toMeasure(times.runsOf('micros', 'fanfold', 'p-map', 'Promise.allSettled'), {
        what: `${of}, 10 at once: per item`,
        unit: 'µs',
        why: 'Promise.allSettled starts everything at once: no limit, no context, no attempts, no early end. fanOut keeps for each item its input, its index and its attempts, too',
        targets: (ratioOf) => [atMost(1.2, '× p-map', 1 / ratioOf('p-map'))],
      }),
      toMeasure(memory.runsOf('mb', 'fanfold', 'p-map', 'Promise.allSettled'), {
        what: `${of}: growth of the resident set`,
        unit: 'MB',
        why: 'an outcome is an object with status, value, index, input and attempts, where p-map keeps the bare value',
      }),
    ];
  },
};
