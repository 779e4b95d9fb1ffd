import { expectId } from '../arguments.js';
import { indexEntries } from '../dynamoIndex.js';
import { type DynamoTable, dynamoItems, type ItemKey } from '../dynamoItem.js';
import { key } from '../table.js';
import { decodeEntry, decodeJob, encodeJob, indexPartitions, type StoredJob } from './dynamoJob.js';
import type { JobStore } from './jobStore.js';
import { jobUpdate } from './jobUpdate.js';

/** Where the jobs are kept. */
export interface DynamoJobTable extends DynamoTable {
  /** Keeps kinds of jobs apart in one table: ids, lists and counts are each namespace's own. @default 'default' */
  readonly namespace?: string;
}

const READ_TOGETHER = 100;

/**
 * A job store on a DynamoDB table of the shape that `tableDefinition` gives: one item for each job. Every write is one
 * conditional call on one item; there are no transactions. A change of state costs a write for the item and up to two
 * for the index, a heartbeat one; all by the size of the item, so keep inputs small.
 *
 * AWS calls and IAM actions on the table: `dynamodb:GetItem`, `PutItem`, `UpdateItem`; for `list`, `stats`,
 * `findStuck` and `resetStuck` also `BatchGetItem`, and `Query` on the table's index.
 *
 * @throws FanfoldError `InvalidArgument` for a client of another service · `MissingPeer` where
 * `@aws-sdk/client-dynamodb` is not installed.
 * @example
 * ```ts
 * const store = dynamoJobStore({ client: new DynamoDBClient({}), tableName: 'fanfold', namespace: 'manifests' });
 * ```
 */
export function dynamoJobStore({ namespace = 'default', ...table }: DynamoJobTable): JobStore {
  expectId('namespace', namespace);
  const items = dynamoItems(table);
  const jobKey = (id: string): ItemKey => ({ pk: key('job', namespace, id), sk: 'job' });

  return {
    create: (job, now) => items.create(jobKey(job.id), encodeJob(namespace, job), now, decodeJob(job.id)),
    read: (id, now) => items.read(jobKey(id), now, decodeJob(id)),
    change: (id, change, now) =>
      items.update(jobKey(id), jobUpdate(namespace, id, change), now, decodeJob(id)),
    async *list(state, now) {
      // By id: a job that moves while the pages are read is in two of them.
      async function* readAll(entries: ReadonlyMap<string, string>) {
        // The index can be behind the job: then the newer entry, or none, is the job's.
        const wish = ([id, entry]: readonly [string, string]) =>
          [
            jobKey(id),
            (stored: StoredJob) => (stored.indexSk === entry ? decodeJob(id)(stored) : undefined),
          ] as const;
        for (const job of await items.readMany(Array.from(entries, wish), now)) {
          if (job?.state === state) yield job;
        }
      }
      let entries = new Map<string, string>();
      for (const partition of indexPartitions(namespace, state)) {
        for await (const entry of indexEntries(table, partition)) {
          const { id, expiresAt } = decodeEntry(entry);
          if (expiresAt * 1_000 <= now) continue;
          entries.set(id, entry);
          if (entries.size < READ_TOGETHER) continue;
          yield* readAll(entries);
          entries = new Map();
        }
      }
      yield* readAll(entries);
    },

    async count(state, now) {
      const counts = indexPartitions(namespace, state).map(async (partition) => {
        let live = 0;
        for await (const entry of indexEntries(table, partition)) {
          if (decodeEntry(entry).expiresAt * 1_000 > now) live += 1;
        }
        return live;
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };
}
