import {
  createJobs,
  type DynamoJobTable,
  dynamoJobStore,
  type JobStore,
  type Jobs,
  memoryJobStore,
} from 'fanfold';
import type { ExecutionInput, Manifest } from './manifest.js';
import type { SeenFile } from './notification.js';

/** The four kinds of records, apart from each other in one table. */
export interface Stores {
  readonly files: JobStore;
  readonly slots: JobStore;
  readonly settlements: JobStore;
  readonly manifests: JobStore;
}

/** What is known of files and manifests. */
export interface Records {
  /** A file is pending while it is in no manifest, and succeeded once it is: its result says in which. */
  readonly files: Jobs<SeenFile, { readonly manifest_id: string }>;
  /** The places in the sequence of manifests. To claim one is the lock; its result is the manifest that took it. */
  readonly slots: Jobs<undefined, Manifest>;
  /** What is left to do once a manifest took its slot: mark its files, store it, enter it. */
  readonly settlements: Jobs<undefined, true>;
  /** A manifest is pending until its execution claims it, in progress while it is converted, then succeeded or failed. */
  readonly manifests: ManifestJobs;
  /** The same records in the name of one execution: it gets its own claim again, in whichever function it asks. */
  manifestsOf(executionId: string): ManifestJobs;
}

type ManifestJobs = Jobs<ExecutionInput, { readonly parquet_path: string }>;

export interface RecordsOptions {
  readonly stores: Stores;
  /** How long an execution may take: longer than the state machine's `TimeoutSeconds`. */
  readonly processingMs: number;
  /** How long a builder holds what it works on without a sign of life. */
  readonly lockMs: number;
  /** The clock, in epoch ms. @default Date.now */
  readonly now?: () => number;
}

/** As long as Step Functions keeps the name of an execution, and longer than SQS keeps a duplicate. */
const KEPT_SECONDS = 90 * 86_400;

/** The stores on one DynamoDB table of `tableDefinition`. */
export const dynamoStores = (table: Omit<DynamoJobTable, 'namespace'>): Stores => ({
  files: dynamoJobStore({ ...table, namespace: 'files' }),
  slots: dynamoJobStore({ ...table, namespace: 'slots' }),
  settlements: dynamoJobStore({ ...table, namespace: 'settlements' }),
  manifests: dynamoJobStore({ ...table, namespace: 'manifests' }),
});

/** The stores in memory, for tests. */
export const memoryStores = (): Stores => ({
  files: memoryJobStore(),
  slots: memoryJobStore(),
  settlements: memoryJobStore(),
  manifests: memoryJobStore(),
});

/** The records over their stores. */
export function createRecords({ stores, processingMs, lockMs, now = Date.now }: RecordsOptions): Records {
  const common = { ttlSeconds: KEPT_SECONDS, leaseMs: lockMs, now };
  const manifests = { ...common, store: stores.manifests, leaseMs: processingMs };
  return {
    files: createJobs({ ...common, store: stores.files }),
    slots: createJobs({ ...common, store: stores.slots }),
    settlements: createJobs({ ...common, store: stores.settlements }),
    manifests: createJobs(manifests),
    manifestsOf: (executionId) => createJobs({ ...manifests, randomId: () => executionId }),
  };
}
