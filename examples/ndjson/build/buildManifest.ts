import { isFanfoldError } from 'fanfold';
import type { Manifest } from '../manifest.js';
import type { ManifestHead } from './manifestHead.js';
import { type Published, type PublishParts, publishManifest } from './publishManifest.js';
import { type SettlementParts, settleManifest } from './settleManifest.js';

export interface BuildParts extends PublishParts, SettlementParts {
  readonly records: PublishParts['records'] & SettlementParts['records'];
  readonly head: ManifestHead;
}

/** What one try to build a manifest came to. */
export type BuildResult =
  /** This call settled it: one that it built, or one that another builder died over. */
  | { readonly status: 'built' | 'completed'; readonly manifest: Manifest }
  | Exclude<Published, { readonly status: 'published' }>;

/**
 * Builds the next manifest, or completes the last one. The sequence of manifests is a sequence of slots. Files are
 * chosen only when every earlier slot is settled, so that whatever is listed in a manifest is marked before anybody
 * chooses again: no file is in two manifests, and none that is listed is forgotten.
 */
export async function buildManifest(
  parts: BuildParts,
  { flush }: { readonly flush: boolean },
): Promise<BuildResult> {
  for (let slot = await parts.head.read(); ; slot += 1) {
    const published = await publishManifest(parts, slot, flush);
    if (published.status !== 'published') return published;
    const { manifest, isNew } = published;
    try {
      const isOurs = await settleManifest(parts, manifest);
      await parts.head.advance(slot + 1);
      if (isOurs) return { status: isNew ? 'built' : 'completed', manifest };
    } catch (error) {
      // Somebody else is at it, and will be through soon, or dead.
      if (isFanfoldError(error, 'JobBusy') || isFanfoldError(error, 'JobLeaseLost'))
        return { status: 'busy' };
      throw error;
    }
  }
}
