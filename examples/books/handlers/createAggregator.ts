import { createWorker, type FanIn, type LambdaHandler } from 'fanfold';
import { readBooks } from '../csv/readBooks.js';
import { createFold } from '../dashboard/createFold.js';
import type { Enrichment } from '../enrich.js';
import type { JobFiles } from '../jobFiles.js';
import { merge } from '../merge.js';
import { completionSchema } from './messages.js';

export interface AggregatorParts {
  readonly files: JobFiles;
  readonly fanIn: Pick<FanIn<Enrichment>, 'results'>;
  /** Told once for each completion that took effect. */
  readonly onCompleted?: (deliveryId: string) => void;
}

/**
 * The Lambda that ends the job: merges the results with the rows of the file and writes the dashboard. A completion
 * that is delivered again finds the job completed under its `deliveryId` and changes nothing; one that died half-way
 * writes the same dashboard again. IAM: `s3:GetObject`, `s3:PutObject` on the job's files, `dynamodb:Query`,
 * `dynamodb:GetItem`, `dynamodb:BatchGetItem` on the table, and the event source mapping's actions on its queue.
 */
export function createAggregator({ files, fanIn, onCompleted }: AggregatorParts): LambdaHandler {
  return createWorker({
    input: completionSchema,
    async process({ id, deliveryId, completionReason, decidedAt, metadata }) {
      const status = await files.readStatus(id);
      if (status?.state === 'completed' && status.deliveryId === deliveryId) return;
      const fold = createFold();
      const rows = readBooks(await files.openCsv(id), metadata.limit);
      for await (const row of merge(rows, fanIn.results(id))) fold.add(row);
      const completedAt = new Date(decidedAt).toISOString();
      await files.writeDashboard(id, fold.finish({ id, completedAt, completionReason }));
      await files.writeStatus(id, { state: 'completed', deliveryId });
      onCompleted?.(deliveryId);
    },
  });
}
