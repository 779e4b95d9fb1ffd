import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ManifestLimits } from './build/chooseFiles.js';
import type { ManifestHead } from './build/manifestHead.js';
import type { FileStore } from './fileStore.js';
import { createBuilder } from './handlers/createBuilder.js';
import { createFinisher } from './handlers/createFinisher.js';
import { createOperations } from './handlers/createOperations.js';
import { createStatusRecorder } from './handlers/createStatusRecorder.js';
import { createTracker } from './handlers/createTracker.js';
import { createRecords, type Records, type Stores } from './records.js';
import { createStart, type Warn } from './startManifest.js';

/** What the functions are made of; on AWS stores and head are DynamoDB's, on one table. */
export interface Deployment {
  readonly stores: Stores;
  readonly head: ManifestHead;
  readonly files: FileStore;
  readonly sfn: SFNClient;
  /** Without it manifests are built and not started. */
  readonly stateMachineArn: string | undefined;
  readonly limits: ManifestLimits;
  /** The TTL of the builders' lock: how long it takes to list what waits, several times over. @default 60_000 */
  readonly lockMs?: number;
  readonly warn: Warn;
  /** The clock, in epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Stands between the functions and their records. @default nothing */
  readonly watch?: (records: Records) => Records;
}

/** The limits of production; the example scales them down. */
export const LIMITS: ManifestLimits = { maxFiles: 200, maxBytes: 700_000_000, maxAgeMs: 3_600_000 };
/** The state machine's `TimeoutSeconds`, and a while. */
export const PROCESSING_MS = 21_600_000 + 600_000;
/** Four times the longest time that a file waits where everything runs. */
const ORPHAN_AFTER_AGES = 4;

/** The five functions as they are deployed, and the records that they share. */
export function createFunctions(deployment: Deployment) {
  const { stores, head, files, sfn, stateMachineArn, limits, lockMs = 60_000, warn } = deployment;
  const { now = Date.now, watch = (records) => records } = deployment;
  const records = watch(createRecords({ stores, processingMs: PROCESSING_MS, lockMs, now }));
  const start = createStart({ sfn, stateMachineArn, records, warn });
  return {
    records,
    tracker: createTracker({ records, bucket: files.bucket }),
    builder: createBuilder({
      ...{ records, head, bucket: files.bucket, limits, now, start, warn },
      writeManifest: files.writeManifest,
    }),
    finisher: createFinisher({ records, start }),
    statusRecorder: createStatusRecorder({ records }),
    operations: createOperations({ records, start, orphanAfterMs: ORPHAN_AFTER_AGES * limits.maxAgeMs, now }),
  };
}
