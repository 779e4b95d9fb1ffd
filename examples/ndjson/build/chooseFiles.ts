import { pack } from 'fanfold';
import type { SeenFile } from '../notification.js';

/** When a manifest is full, and when it need not be. */
export interface ManifestLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** A file that has waited longer goes with the next manifest, however small that is; in ms. */
  readonly maxAgeMs: number;
}

/** A file that is in no manifest. */
export interface WaitingFile extends SeenFile {
  /** Since when, in epoch ms. */
  readonly since: number;
}

/**
 * The files of the next manifest, the oldest first; none while they do not fill one and none of them is too old. A
 * file over `maxBytes` by itself gets a manifest of its own: nothing else could become of it.
 */
export function chooseFiles(
  waiting: readonly WaitingFile[],
  { maxFiles, maxBytes, maxAgeMs }: ManifestLimits,
  { now, flush }: { readonly now: number; readonly flush: boolean },
): readonly WaitingFile[] {
  const oldestFirst = waiting.toSorted((a, b) => a.since - b.since);
  const sizeOf = ({ size }: WaitingFile) => size;
  const [first = [], second] = pack(oldestFirst, { maxCount: maxFiles, maxBytes, sizeOf });
  const bytes = first.reduce((sum, { size }) => sum + size, 0);
  // A second pack means that the first one took all that fitted.
  const isFull = first.length >= maxFiles || bytes >= maxBytes || second !== undefined;
  const isOld = first[0] !== undefined && first[0].since <= now - maxAgeMs;
  return isFull || isOld || flush ? first : [];
}
