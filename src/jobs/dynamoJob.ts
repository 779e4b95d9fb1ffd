import type { ErrorInfo } from '../aggregation/outcome.js';
import { type Item, readN, readS, toN, toS } from '../attributes.js';
import { shardOf, sortableMs } from '../dynamoIndex.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
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
): Item {
  return {
    indexPk: toS(key('job', namespace, state, shardOf(id, SHARDS))),
    indexSk: toS(`${sortableMs(updatedAt)}#${expiresAt}#${id}`),
  };
}

export function decodeEntry(indexSk: string): { readonly id: string; readonly expiresAt: number } {
  const afterTime = indexSk.indexOf('#') + 1;
  const afterExpiry = indexSk.indexOf('#', afterTime) + 1;
  return { id: indexSk.slice(afterExpiry), expiresAt: Number(indexSk.slice(afterTime, afterExpiry - 1)) };
}

/** A result as attributes of the job's item. */
export function encodeResult(result: StoredResult): Item {
  return 'text' in result ? { result: toS(result.text) } : { claimCheckKey: toS(result.claimCheckKey) };
}

function decodeResult(item: Item): StoredResult | undefined {
  const text = readS(item, 'result');
  if (text !== undefined) return { text };
  const claimCheckKey = readS(item, 'claimCheckKey');
  return claimCheckKey === undefined ? undefined : { claimCheckKey };
}

/** The job as the attributes of its item. */
export function encodeJob(namespace: string, job: JobRecord): Item {
  return {
    state: toS(job.state),
    attempt: toN(job.attempt),
    origin: toS(job.origin),
    ...(job.owner === undefined ? {} : { owner: toS(job.owner) }),
    ...(job.leaseUntil === undefined ? {} : { leaseUntil: toN(job.leaseUntil) }),
    input: toS(job.input),
    ...(job.result === undefined ? {} : encodeResult(job.result)),
    ...(job.error === undefined ? {} : { error: toS(JSON.stringify(job.error)) }),
    createdAt: toN(job.createdAt),
    updatedAt: toN(job.updatedAt),
    [TTL_ATTRIBUTE]: toN(job.expiresAt),
    ...indexEntry(namespace, job.id, job.state, job),
  };
}

export function decodeJob(id: string, item: Item): JobRecord {
  const error = readS(item, 'error');
  return {
    id,
    state: readS(item, 'state') as JobState,
    attempt: readN(item, 'attempt') ?? 0,
    origin: readS(item, 'origin') ?? '',
    owner: readS(item, 'owner'),
    leaseUntil: readN(item, 'leaseUntil'),
    input: readS(item, 'input') ?? '',
    result: decodeResult(item),
    error: error === undefined ? undefined : (JSON.parse(error) as ErrorInfo),
    createdAt: readN(item, 'createdAt') ?? 0,
    updatedAt: readN(item, 'updatedAt') ?? 0,
    expiresAt: readN(item, TTL_ATTRIBUTE) ?? 0,
  };
}
