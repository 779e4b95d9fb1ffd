import { simulateLarge } from '../../explorer/simulate/simulateLarge.js';
import {
  distributedMapDollars,
  inlineMapDollars,
  PARTITION_WRITES,
  plainCounterDollars,
  queueJobDollars,
} from '../core/costs.js';
import { atMost, type Benchmark, type Measure, toMeasure } from '../core/measure.js';
import { distributedMapSeconds, inlineMapSeconds, plainCounterSeconds, queueSeconds } from '../core/times.js';

const SIZES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
const ARRIVALS_A_SECOND = 5_000;

const WHY_TIME =
  'the event source mapping of SQS begins with 5 calls at once and adds 5 a second to 1,250, where a Distributed Map begins with all of them: small jobs wait for the ramp';

/**
 * What a job of a thousand to ten million items writes, where, and what it costs: the library's real calls over a store
 * in memory that counts them, in virtual time; the others by the formulas of `docs/costs.md`.
 */
export const benchmark: Benchmark = {
  title: 'Scale',
  async run(isSmoke) {
    const measures: Measure[] = [];
    let smallest = Number.NaN;
    for (const items of isSmoke ? SIZES.slice(0, 1) : SIZES) {
      const job = await simulateLarge(items, 1, { batch: 10, arrivalsPerSecond: ARRIVALS_A_SECOND });
      if (job.violations.length > 0) throw new Error(job.violations.join('; '));
      const of = `${items.toLocaleString('en')} items`;
      const isHeadline = items === 1_000 || items === SIZES.at(-1);
      const millionth = 1e6 / items;
      const dollars = queueJobDollars(items, job) * millionth;
      if (Number.isNaN(smallest)) smallest = dollars;
      measures.push(
        toMeasure(
          [
            ['fanfold', [dollars]],
            ['plain ADD counter', [plainCounterDollars(items) * millionth]],
            ['Distributed Map', [distributedMapDollars(items, 1) * millionth]],
            ['Distributed Map, batches of 10', [distributedMapDollars(items, 10) * millionth]],
            ['inline Map', [inlineMapDollars(items) * millionth]],
          ],
          {
            what: `cost of ${of}, a million of them`,
            unit: '$',
            isHeadline,
            targets: () => [
              atMost(1.1, `× the cost of ${SIZES[0]?.toLocaleString('en')} items`, dollars / smallest),
            ],
          },
        ),
        toMeasure(
          [
            ['fanfold', [queueSeconds(items)]],
            ['plain ADD counter', [plainCounterSeconds(items)]],
            ['Distributed Map', [distributedMapSeconds(items, 1)]],
            ['Distributed Map, batches of 10', [distributedMapSeconds(items, 10)]],
            ['inline Map', [inlineMapSeconds(items)]],
          ],
          { what: `time of ${of} of one second each`, unit: 's', isHeadline, why: WHY_TIME },
        ),
        toMeasure(
          [
            ['fanfold', [job.writeUnits / items]],
            ['plain ADD counter', [1]],
          ],
          {
            what: `${of}, in batches of 10 neighbours: write units per item, opening included`,
            unit: 'units',
            isHeadline,
          },
        ),
        toMeasure(
          [
            ['fanfold', [job.hottest.perSecond]],
            ['plain ADD counter', [Math.min(items, ARRIVALS_A_SECOND)]],
          ],
          {
            what: `${of}, ${ARRIVALS_A_SECOND.toLocaleString('en')} settled a second: writes a second to the hottest key`,
            unit: 'writes/s',
            isHeadline,
            targets: (_, { median }) => [
              atMost(PARTITION_WRITES, 'writes a second, what a partition takes', median),
            ],
          },
        ),
      );
    }
    return measures;
  },
};
