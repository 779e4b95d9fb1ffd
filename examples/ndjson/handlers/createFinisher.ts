import { toErrorInfo } from 'fanfold';
import type { Records } from '../records.js';
import type { Start } from '../startManifest.js';

export interface FinisherParts {
  readonly records: Pick<Records, 'manifests'>;
  readonly start: Start;
}

/** The manifests that were built and not started, and what became of them. */
export interface FinisherAnswer {
  readonly started: readonly string[];
  readonly skipped: readonly string[];
  readonly failed: readonly { readonly manifestId: string; readonly error: string }[];
}

/**
 * The Lambda on a schedule that starts what was built and never started, because its builder died, its call failed or
 * nothing was to be started then. One manifest's error never stops the rest: alarm on the length of `failed`.
 *
 * IAM: `dynamodb:GetItem`, `BatchGetItem`, `UpdateItem` on the table and `Query` on its index,
 * `states:StartExecution`, `states:DescribeExecution`.
 */
export function createFinisher({ records, start }: FinisherParts) {
  return async (): Promise<FinisherAnswer> => {
    const [started, skipped, failed]: [string[], string[], { manifestId: string; error: string }[]] = [
      [],
      [],
      [],
    ];
    for await (const { id, attempt, input } of records.manifests.list({ status: 'pending' })) {
      try {
        const status = await start({ manifestId: id, attempt }, input);
        if (status === 'started') started.push(id);
        if (status === 'skipped') skipped.push(id);
      } catch (error) {
        failed.push({ manifestId: id, error: toErrorInfo(error).name });
      }
    }
    return { started, skipped, failed };
  };
}
