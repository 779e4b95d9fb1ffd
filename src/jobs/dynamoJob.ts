import type { ErrorInfo } from '../aggregation/outcome.js';
import { shardOf, sortableMs } from '../dynamoIndex.js';
import { key } from '../table.js';
import type { JobRecord, JobState, StoredResult } from './job.js';

/** Each state of a namespace is spread over as many partitions of the index. */
const SHARDS = 8;

/** Every partition of the index that lists a state. */
export function indexPartitions(namespace: string, state: JobState): string[] {
  return Array.from({ length: SHARDS }, (_, shard) => key('job', namespace, state, shard));
}

/**
 * Where the index has a job. Its expiry is part of the entry, so that counting need not read the jobs; a heartbeat
 * changes neither, so that it does not write the index.
 */
export function indexEntry(
  namespace: string,
  id: string,
  state: JobState,
  { updatedAt, expiresAt }: Pick<JobRecord, 'updatedAt' | 'expiresAt'>,
): { readonly indexPk: string; readonly indexSk: string } {
  return {
    indexPk: key('job', namespace, state, shardOf(id, SHARDS)),
    indexSk: `${sortableMs(updatedAt)}#${expiresAt}#${id}`,
  };
}

export function decodeEntry(indexSk: string): { readonly id: string; readonly expiresAt: number } {
  const afterTime = indexSk.indexOf('#') + 1;
  const afterExpiry = indexSk.indexOf('#', afterTime) + 1;
  return { id: indexSk.slice(afterExpiry), expiresAt: Number(indexSk.slice(afterTime, afterExpiry - 1)) };
}

/** A job as it is stored. */
export type StoredJob = Omit<JobRecord, 'id' | 'result' | 'error'> & {
  readonly result?: string;
  readonly claimCheckKey?: string;
  readonly error?: string | undefined;
  readonly indexPk: string;
  readonly indexSk: string;
};

/** A result as attributes of the job's item. */
export function encodeResult(result: StoredResult): Pick<StoredJob, 'result' | 'claimCheckKey'> {
  return 'text' in result ? { result: result.text } : { claimCheckKey: result.claimCheckKey };
}

function decodeResult({ result, claimCheckKey }: StoredJob): StoredResult | undefined {
  if (result !== undefined) return { text: result };
  return claimCheckKey === undefined ? undefined : { claimCheckKey };
}

export function encodeJob(namespace: string, { id, result, error, ...job }: JobRecord): StoredJob {
  return {
    ...job,
    ...(result && encodeResult(result)),
    error: error && JSON.stringify(error),
    ...indexEntry(namespace, id, job.state, job),
  };
}

export const decodeJob =
  (id: string) =>
  (stored: StoredJob): JobRecord => ({
    id,
    state: stored.state,
    attempt: stored.attempt,
    origin: stored.origin,
    owner: stored.owner,
    leaseUntil: stored.leaseUntil,
    input: stored.input,
    result: decodeResult(stored),
    error: stored.error === undefined ? undefined : (JSON.parse(stored.error) as ErrorInfo),
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    expiresAt: stored.expiresAt,
  });
