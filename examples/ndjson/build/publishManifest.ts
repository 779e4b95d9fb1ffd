import { isFanfoldError } from 'fanfold';
import type { Manifest } from '../manifest.js';
import type { Records } from '../records.js';
import { chooseFiles, type ManifestLimits, type WaitingFile } from './chooseFiles.js';
import { freezeManifest } from './freezeManifest.js';

export interface PublishParts {
  readonly records: Pick<Records, 'files' | 'slots'>;
  readonly bucket: string;
  readonly limits: ManifestLimits;
  /** The clock, in epoch ms. */
  readonly now: () => number;
}

/** What came of a slot. */
export type Published =
  | { readonly status: 'published'; readonly manifest: Manifest; readonly isNew: boolean }
  /** Too few files wait, or another builder holds the lock. */
  | { readonly status: 'notEnough' | 'busy' }
  /** The lock expired and another builder took it: this one's list is refused. */
  | { readonly status: 'lockLost'; readonly slot: number; readonly fencingToken: number };

/** The most files that are read to choose from. */
const MOST_READ = 5_000;

async function waitingFiles({ files }: Pick<Records, 'files'>): Promise<WaitingFile[]> {
  const waiting: WaitingFile[] = [];
  for await (const { input, createdAt } of files.list({ status: 'pending' })) {
    waiting.push({ ...input, since: createdAt });
    if (waiting.length === MOST_READ) break;
  }
  return waiting;
}

/**
 * Gives the slot its manifest, or finds the one that it has. To claim the slot is the lock, with a TTL; its attempt is
 * the fencing token, which stands in the condition of the one write that publishes the whole list of files.
 */
export async function publishManifest(parts: PublishParts, slot: number, flush: boolean): Promise<Published> {
  const { records, bucket, limits, now } = parts;
  const claim = await records.slots.claim(String(slot));
  if (claim.status === 'busy') return { status: 'busy' };
  if (claim.status === 'finished') {
    if (claim.state === 'failed') throw new Error(`slot ${slot} failed: ${claim.error.message}`);
    return { status: 'published', manifest: claim.result, isNew: false };
  }
  const fencingToken = claim.attempt;
  try {
    const chosen = chooseFiles(await waitingFiles(records), limits, { now: now(), flush });
    if (chosen.length === 0) {
      await claim.release();
      return { status: 'notEnough' };
    }
    const manifest = freezeManifest(chosen, { slot, fencingToken, bucket, now: now() });
    await claim.complete(manifest);
    return { status: 'published', manifest, isNew: true };
  } catch (error) {
    if (isFanfoldError(error, 'JobLeaseLost')) return { status: 'lockLost', slot, fencingToken };
    // For the next builder, which would otherwise wait for the TTL; a list that was published after all stays so.
    await claim.release().catch(() => {});
    throw error;
  }
}
