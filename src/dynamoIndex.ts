import { bindExpression } from './bindExpression.js';
import type { DynamoTable } from './dynamoItem.js';
import { queryItems } from './queryItems.js';
import { INDEX_NAME } from './table.js';

/** How long a point in time is as text. */
export const MS_DIGITS = 15;
const HASH_BOUND = 65_521;
/** Sorts after every point in time. */
const AFTER_ALL = ':';

/** Spreads ids over the partitions of an index, so that none of them is hot; the same id always has the same one. */
export function shardOf(id: string, shards: number): number {
  let hash = 0;
  for (let i = 0; i < id.length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) % HASH_BOUND;
  return hash % shards;
}

/** A point in time that sorts as text. */
export const sortableMs = (ms: number): string => String(ms).padStart(MS_DIGITS, '0');

/**
 * The sort keys of one partition of the index that sort before `until`, ascending, page by page. AWS reads an index
 * eventually consistent.
 */
export async function* indexEntries(
  table: DynamoTable,
  indexPk: string,
  { until = AFTER_ALL, pageSize }: { readonly until?: string; readonly pageSize?: number } = {},
): AsyncGenerator<string> {
  const KeyConditionExpression = '#indexPk = :indexPk AND #indexSk < :until';
  const query = {
    IndexName: INDEX_NAME,
    KeyConditionExpression,
    ...bindExpression(KeyConditionExpression, { indexPk, until }),
    Limit: pageSize,
  };
  for await (const { indexSk } of queryItems(table, query)) yield indexSk?.S ?? '';
}
