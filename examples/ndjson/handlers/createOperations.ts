import { toErrorInfo } from 'fanfold';
import { z } from 'zod';
import type { Records } from '../records.js';
import type { Start } from '../startManifest.js';

export interface OperationsParts {
  readonly records: Pick<Records, 'files' | 'manifests'>;
  readonly start: Start;
  /** How long a file may be in no manifest before it is an orphan, in ms: longer than the builder's `maxAgeMs`. */
  readonly orphanAfterMs: number;
  /** The clock, in epoch ms. */
  readonly now: () => number;
}

const requestSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.enum(['stats', 'orphans', 'stuck', 'resetStuck', 'failed']) }),
  z.object({ operation: z.literal('redrive'), manifest_id: z.string().min(1) }),
]);
export type OperationsRequest = z.infer<typeof requestSchema>;

const MOST_SHOWN = 1_000;

/**
 * The Lambda for whoever is on call. `stats` counts files and manifests · `orphans` are files that have been in no
 * manifest for too long · `stuck` are files whose builder died while it marked them, and manifests whose execution died;
 * `resetStuck` gives both back · `failed` says which manifests failed and why · `redrive` gives a failed one another execution.
 *
 * IAM: `dynamodb:GetItem`, `BatchGetItem`, `UpdateItem` on the table and `Query` on its index,
 * `states:StartExecution`, `states:DescribeExecution`.
 */
export function createOperations({ records, start, orphanAfterMs, now }: OperationsParts) {
  const { files, manifests } = records;

  async function ids<T extends { readonly id: string }>(
    found: AsyncIterable<T>,
    isWanted: (job: T) => boolean = () => true,
  ): Promise<string[]> {
    const wanted: string[] = [];
    for await (const job of found) {
      if (isWanted(job)) wanted.push(job.id);
      if (wanted.length === MOST_SHOWN) break;
    }
    return wanted;
  }

  return async (event: unknown): Promise<unknown> => {
    const request = requestSchema.parse(event);
    switch (request.operation) {
      case 'stats': {
        const [ofFiles, ofManifests] = [await files.stats(), await manifests.stats()];
        return {
          files: { waiting: ofFiles.pending, beingMarked: ofFiles.inProgress, inManifest: ofFiles.succeeded },
          manifests: {
            built: ofManifests.pending,
            processing: ofManifests.inProgress,
            completed: ofManifests.succeeded,
            failed: ofManifests.failed,
          },
        };
      }
      case 'orphans': {
        const before = now() - orphanAfterMs;
        return {
          files: await ids(files.list({ status: 'pending' }), ({ createdAt }) => createdAt <= before),
        };
      }
      case 'stuck':
        return { files: await ids(files.findStuck()), manifests: await ids(manifests.findStuck()) };
      case 'resetStuck':
        return { files: await files.resetStuck(), manifests: await manifests.resetStuck() };
      case 'failed': {
        const failed: { manifest_id: string; error: string }[] = [];
        for await (const { id, error } of manifests.list({ status: 'failed' })) {
          failed.push({ manifest_id: id, error: toErrorInfo(error).message });
          if (failed.length === MOST_SHOWN) break;
        }
        return { manifests: failed };
      }
      case 'redrive': {
        // Under the next attempt's name: the one of the failed execution is taken.
        const { id, attempt, input } = await manifests.retry(request.manifest_id);
        return { status: await start({ manifestId: id, attempt }, input) };
      }
    }
  };
}
