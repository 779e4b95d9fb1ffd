import { FanfoldError, fanOut, NonRetryableError } from 'fanfold';
import { fileId } from '../fileId.js';
import { executionInput, type Manifest } from '../manifest.js';
import type { Records } from '../records.js';

export interface SettlementParts {
  readonly records: Pick<Records, 'files' | 'settlements' | 'manifests'>;
  /** Writes the manifest's object; again, it writes the same. */
  readonly writeManifest: (manifest: Manifest) => Promise<void>;
}

/** How many files are marked at once. */
const AT_ONCE = 16;

/** Says in each file's record which manifest it is in. What is recorded there is final. */
async function markFiles(
  { files }: Pick<Records, 'files'>,
  { manifest_id, bucket, files: listed }: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const mark = async ({ key, size }: Manifest['files'][number]) => {
    const input = { bucket, key, size };
    const found = await files.run(fileId(input), () => ({ manifest_id }), {
      input,
      retryFailed: true,
      signal,
    });
    if (found.manifest_id === manifest_id) return;
    // The slots rule it out. Were it so all the same, nothing may be converted twice.
    throw new NonRetryableError(`${key} is in ${found.manifest_id}, and listed in ${manifest_id}`);
  };
  const { outcomes } = await fanOut(listed, mark, { concurrency: AT_ONCE, signal });
  const bad = outcomes.find(({ status }) => status !== 'succeeded');
  if (bad === undefined || bad.status === 'succeeded') return;
  const { code = 'NotMarked', message, retryable } = bad.error;
  // `JobBusy` where a builder that died still holds a file: the next one comes soon enough.
  throw new FanfoldError(code, `not every file is marked: ${message}`, { retryable });
}

/**
 * Completes a manifest that took its slot. Every step may have been done before, by a builder that died; each of them
 * done again changes nothing. Answers whether this call did it; throws `JobBusy` while another one is at it.
 */
export async function settleManifest(parts: SettlementParts, manifest: Manifest): Promise<boolean> {
  const { settlements, manifests } = parts.records;
  let isOurs = false;
  const settle = async ({ signal }: { readonly signal: AbortSignal }): Promise<true> => {
    isOurs = true;
    await markFiles(parts.records, manifest, signal);
    await parts.writeManifest(manifest);
    await manifests.create(manifest.manifest_id, { input: executionInput(manifest) });
    return true;
  };
  await settlements.run(String(manifest.slot), settle, { retryFailed: true });
  return isOurs;
}
