import { once } from 'node:events';
import type { LocalJob } from 'fanfold/local';
import { convertManifest } from '../convert/convertManifest.js';
import type { FileStore } from '../fileStore.js';
import { parseManifestPath } from '../manifest.js';

/** The conversion job as it stands behind Glue's name here. */
export interface Conversions {
  readonly job: LocalJob;
  /** How often it ran for each manifest. */
  readonly runs: ReadonlyMap<string, number>;
  /** The manifest whose first run hangs, like a cluster that never comes up. */
  readonly stalled: string | undefined;
}

/** Converts manifests, but for one that does not hold `corruptKey`: its first run hangs until it is given up. */
export function createConversions(files: FileStore, corruptKey: string): Conversions {
  const runs = new Map<string, number>();
  let stalled: string | undefined;
  return {
    runs,
    get stalled() {
      return stalled;
    },
    async job({ arguments: given, signal }) {
      const path = String(given['--manifest_path']);
      const { manifestId } = parseManifestPath(path);
      runs.set(manifestId, (runs.get(manifestId) ?? 0) + 1);
      if (stalled === undefined) {
        const { files: listed } = await files.readManifest(path);
        if (stalled === undefined && listed.every(({ key }) => key !== corruptKey)) {
          stalled = manifestId;
          await once(signal, 'abort');
        }
      }
      await convertManifest(files, path, signal);
    },
  };
}
