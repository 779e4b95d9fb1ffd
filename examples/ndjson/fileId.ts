import { createHash } from 'node:crypto';
import type { SeenFile } from './notification.js';

/** What a job's id may be. */
const LEGAL = /^\P{Cc}{1,256}$/u;

/**
 * The id of a file's job: bucket and key, or a hash of them where they are too long for an id. No bucket's name has a
 * colon, so that no two files share one. A file that is written again keeps its id, and its place in its manifest.
 */
export function fileId({ bucket, key }: Pick<SeenFile, 'bucket' | 'key'>): string {
  const id = `${bucket}/${key}`;
  return LEGAL.test(id) && id.length <= 256 ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;
}
