import { randomUUID } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { createJobs, dynamoJobStore } from 'fanfold';
import { compare, msOf } from '../core/compare.js';
import { context } from '../core/context.js';
import { startTable } from '../core/localTable.js';
import { type Benchmark, toMeasure } from '../core/measure.js';

const WHY_READ =
  'fanfold reads the record before it claims it, at a fifth of the price of a write. So a job that is done already costs one read and no write, where the other side pays a refused write and a read';

/** What a recorded, idempotent piece of work costs when it is new, and when it comes again. */
export const benchmark: Benchmark = {
  title: 'Jobs',
  async run(isSmoke) {
    const table = await startTable();
    const count = isSmoke ? 5 : 100;
    const jobs = createJobs({ store: dynamoJobStore({ client: table.client, tableName: 'fanfold' }) });
    const work = async () => ({ pages: 321 });
    const config = new IdempotencyConfig({});
    config.registerLambdaContext(context);
    const idempotent = makeIdempotent(async (_: { id: string }) => work(), {
      persistenceStore: new DynamoDBPersistenceLayer({ tableName: 'plain', awsSdkV3Client: table.client }),
      config,
    });

    const measured = (runJob: (id: string) => Promise<unknown>) => async () => {
      const ids = Array.from({ length: count }, () => randomUUID());
      const all = async () => {
        for (const id of ids) await runJob(id);
      };
      let ms = 0;
      const fresh = await table.consumption(async () => {
        ms = await msOf(all);
      });
      const again = await table.consumption(all);
      return {
        calls: fresh.calls / count,
        writeUnits: fresh.writeUnits / count,
        callsAgain: again.calls / count,
        writeUnitsAgain: again.writeUnits / count,
        ms: ms / count,
      };
    };
    const comparison = await compare(
      {
        fanfold: measured((id) => jobs.run(id, work)),
        'Powertools idempotency': measured((id) => idempotent({ id })),
      },
      { rounds: isSmoke ? 1 : 3, warmUps: isSmoke ? 0 : 1 },
    );
    await table.stop();
    const runs = (metric: 'calls' | 'writeUnits' | 'callsAgain' | 'writeUnitsAgain' | 'ms') =>
      comparison.runsOf(metric, 'fanfold', 'Powertools idempotency');
    return [
      toMeasure(runs('calls'), { what: 'a new job: calls to DynamoDB', unit: 'calls', why: WHY_READ }),
      toMeasure(runs('writeUnits'), { what: 'a new job: write units', unit: 'units' }),
      toMeasure(runs('callsAgain'), { what: 'a job that is done already: calls to DynamoDB', unit: 'calls' }),
      toMeasure(runs('writeUnitsAgain'), {
        what: 'a job that is done already: write units',
        unit: 'units',
      }),
      toMeasure(runs('ms'), {
        what: 'a new job, on the embedded DynamoDB',
        unit: 'ms',
        why: WHY_READ,
        isHeadline: false,
      }),
    ];
  },
};
