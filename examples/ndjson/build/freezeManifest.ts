import type { Manifest } from '../manifest.js';
import type { SeenFile } from '../notification.js';

/** The manifest of these files: everything that is said of it later is decided here, once. */
export function freezeManifest(
  files: readonly SeenFile[],
  place: {
    readonly slot: number;
    readonly fencingToken: number;
    readonly bucket: string;
    /** In epoch ms. */
    readonly now: number;
  },
): Manifest {
  const timestamp = new Date(place.now).toISOString();
  const datePrefix = timestamp.slice(0, 10).replaceAll('-', '/');
  // With the time in it: execution names stay taken for 90 days, also after the table was made anew.
  const id = `manifest-${timestamp.replace(/[-:.]/g, '')}-${place.slot}`;
  return {
    manifest_id: id,
    slot: place.slot,
    fencing_token: place.fencingToken,
    bucket: place.bucket,
    manifest_path: `s3://${place.bucket}/manifests/${datePrefix}/${id}.json`,
    date_prefix: datePrefix,
    file_count: files.length,
    total_bytes: files.reduce((sum, { size }) => sum + size, 0),
    timestamp,
    files: files.map(({ key, size }) => ({ key, size })),
  };
}
