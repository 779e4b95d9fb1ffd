import { createWorker, type LambdaHandler, NonRetryableError } from 'fanfold';
import { z } from 'zod';
import { parquetKey, parseManifestPath } from '../manifest.js';
import type { Records } from '../records.js';

const common = {
  manifest_path: z.string(),
  /** The ARN of the execution: its claim is known by it. */
  execution_id: z.string().min(1),
};
const claimed = { ...common, attempt: z.number().int().positive() };

const statusSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('processing'), ...common }),
  z.object({ status: z.literal('completed'), ...claimed, date_prefix: z.string().min(1) }),
  z.object({ status: z.literal('failed'), ...claimed, error: z.string() }),
]);
type Status = z.infer<typeof statusSchema>;

/** What the state machine is told: whether the manifest is its to convert, and at which attempt. */
export interface StatusAnswer {
  readonly proceed: boolean;
  readonly attempt: number;
}

/** What a job's run says of its failure lies within the cause that Step Functions gives; any other cause is text. */
function reasonOf(cause: string): string {
  try {
    const run = z.object({ ErrorMessage: z.string().min(1) }).safeParse(JSON.parse(cause));
    return run.success ? run.data.ErrorMessage : cause;
  } catch {
    return cause;
  }
}

/** The longest reason that a record keeps. */
const MAX_REASON = 1_000;

/** An execution that is late: its manifest was given to another one, or is finished. */
const superseded = (manifestId: string) =>
  new NonRetryableError(`${manifestId} is not this execution's any more`, { code: 'Superseded' });

/**
 * The Lambda by which an execution moves its manifest: it claims it, and later records how it ended, in the name of its
 * ARN and under the attempt of its claim. Asked again after a lost reply, it answers the same.
 *
 * IAM: `dynamodb:GetItem`, `dynamodb:UpdateItem` on the table.
 */
export function createStatusRecorder({
  records,
}: {
  readonly records: Pick<Records, 'manifestsOf'>;
}): LambdaHandler {
  async function record(status: Status): Promise<StatusAnswer> {
    const { bucket, manifestId } = parseManifestPath(status.manifest_path);
    const manifests = records.manifestsOf(status.execution_id);
    const found = await manifests.get(manifestId);
    // A claim would make one, without its fields.
    if (found === undefined)
      throw new NonRetryableError(`${manifestId}: no such manifest`, { code: 'UnknownManifest' });
    if (status.status === 'processing') {
      const { status: answer, attempt } = await manifests.claim(manifestId);
      return { proceed: answer === 'claimed', attempt };
    }

    const { attempt } = status;
    const ended = status.status === 'completed' ? 'succeeded' : 'failed';
    if (found.attempt !== attempt) throw superseded(manifestId);
    if (found.state === ended) return { proceed: false, attempt };
    if (found.state !== 'inProgress') throw superseded(manifestId);
    const claim = await manifests.claim(manifestId);
    if (claim.status !== 'claimed') throw superseded(manifestId);
    if (claim.attempt !== attempt) {
      await claim.release();
      throw superseded(manifestId);
    }
    if (status.status === 'failed') await claim.fail(new Error(reasonOf(status.error).slice(0, MAX_REASON)));
    else
      await claim.complete({ parquet_path: `s3://${bucket}/${parquetKey(status.date_prefix, manifestId)}` });
    return { proceed: false, attempt };
  }

  return createWorker({ input: statusSchema, process: record, directFailure: 'throw' });
}
