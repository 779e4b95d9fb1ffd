import type { BuildParts } from '../../../examples/ndjson/build/buildManifest.js';
import type { ManifestHead } from '../../../examples/ndjson/build/manifestHead.js';
import { fileId } from '../../../examples/ndjson/fileId.js';
import type { Manifest } from '../../../examples/ndjson/manifest.js';
import { createRecords, memoryStores, type Stores } from '../../../examples/ndjson/records.js';

export const BUCKET = 'files';
export const LOCK_MS = 1_000;
export const PROCESSING_MS = 60_000;
export const START = 1_800_000_000_000;

/** The head of the sequence in memory. */
export function memoryManifestHead(): ManifestHead {
  let head = 1;
  return {
    read: async () => head,
    async advance(slot) {
      head = Math.max(head, slot);
    },
  };
}

/** A builder's parts in memory, and a clock to turn. */
export function createPipeline({ stores = memoryStores() }: { readonly stores?: Stores } = {}) {
  const clock = { now: START };
  const now = () => clock.now;
  const records = createRecords({ stores, processingMs: PROCESSING_MS, lockMs: LOCK_MS, now });
  const written: Manifest[] = [];
  const parts: BuildParts = {
    records,
    head: memoryManifestHead(),
    bucket: BUCKET,
    limits: { maxFiles: 3, maxBytes: 1_000, maxAgeMs: 60_000 },
    now,
    writeManifest: async (manifest) => {
      written.push(manifest);
    },
  };
  return {
    ...{ clock, stores, records, parts, written },
    /** Tracks files of this many bytes. */
    async track(...keys: readonly string[]) {
      for (const key of keys) {
        const file = { bucket: BUCKET, key, size: 10 };
        await records.files.create(fileId(file), { input: file });
      }
    },
    /** What each file's record says. */
    async manifestOf(key: string) {
      return (await records.files.get(fileId({ bucket: BUCKET, key })))?.result?.manifest_id;
    },
  };
}
