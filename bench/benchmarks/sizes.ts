import { type Budget, entryBudgets, primitiveBudgets } from '../core/budgets.js';
import { entryCode, gzipKb, namesCode } from '../core/bundle.js';
import { atMost, type Benchmark, type Measure, toMeasure } from '../core/measure.js';

/** What others weigh who do a part of it. */
const peers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'fanfold/fanout': { 'sqs-producer': entryCode('sqs-producer') },
  'fanfold/jobs': {
    'Powertools idempotency': `${entryCode('@aws-lambda-powertools/idempotency')}${entryCode('@aws-lambda-powertools/idempotency/dynamodb')}`,
  },
  createWorker: {
    'Powertools batch': `export { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';`,
    'Powertools batch with parser': `export { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';${entryCode('@aws-lambda-powertools/batch/parser')}`,
    middy: `export { default as middy } from '@middy/core';export { default } from '@middy/sqs-partial-batch-failure';`,
  },
  publishMessages: { 'sqs-producer': entryCode('sqs-producer') },
  fanOut: { 'p-map': `export { default } from 'p-map';`, 'p-limit': `export { default } from 'p-limit';` },
};

const WHY =
  'every rule of the protocol is code: the counting tree, its repair, early ends, leases, deadlines, task tokens; and every error says which field was wrong and what was expected. Import the primitives that you use: bundlers drop the rest';

const WHY_FAN_OUT =
  'p-limit is a sixth of it, and checks of options with errors that name the field are a fifth. The rest is what p-map has not: time limits, retries by policy, deadlines, early ends, outcomes in order';

const WHY_PUBLISH =
  'sqs-producer sends one call after another, by tens: it knows no bytes, no partial failures to send again, no order of groups, no retries, no streams';

const WHY_WORKER =
  'it opens envelopes, knows every kind of invocation, FIFO groups, deadlines, postponing and dead letters, and settles; the others hand records to a function';

const reasons: Readonly<Record<string, string>> = {
  fanOut: WHY_FAN_OUT,
  createWorker: WHY_WORKER,
  'fanfold/fanout': WHY_PUBLISH,
  publishMessages: WHY_PUBLISH,
};

/** Every entry and every primitive as a user's bundler makes it: minified, gzipped, without the AWS SDK and other peers. */
export const benchmark: Benchmark = {
  title: 'Bundle size',
  async run() {
    const measured = async (what: string, code: string, { kb, target = kb }: Budget, isHeadline: boolean) => {
      const runs: [string, number[]][] = [['fanfold', [await gzipKb(code)]]];
      for (const [peer, theirs] of Object.entries(peers[what] ?? {}))
        runs.push([peer, [await gzipKb(theirs)]]);
      return toMeasure(runs, {
        what: `bundle of ${what}`,
        unit: 'KB gzip',
        isHeadline,
        why: reasons[what] ?? WHY,
        targets: (_, { median }) => [atMost(target, 'KB', median)],
      });
    };
    const measures: Measure[] = [];
    for (const [entry, budget] of Object.entries(entryBudgets))
      measures.push(await measured(entry, entryCode(entry), budget, true));
    for (const [names, budget] of Object.entries(primitiveBudgets))
      measures.push(await measured(names, namesCode(names), budget, budget.target !== undefined));
    return measures;
  },
};
