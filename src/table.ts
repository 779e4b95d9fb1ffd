/** The attribute that DynamoDB's TTL reads, in epoch seconds: enable it with `UpdateTimeToLive`. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The one sparse, keys-only index: only what a sweep or a listing must find carries its keys. */
export const INDEX_NAME = 'due';

/**
 * One segment of a key. `#` separates segments, so an id that looks like another item's key is escaped and stays
 * an id: `key('fanIn', 'a#leaf#1')` is `fanIn#a%23leaf%231`.
 */
export function key(...segments: readonly (string | number)[]): string {
  return segments.map((segment) => String(segment).replace(/[%#]/g, encodeURIComponent)).join('#');
}

/** The same in every service and for every primitive, so that one table serves them all. */
export interface TableDefinition {
  TableName: string;
  BillingMode: 'PAY_PER_REQUEST';
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' }[];
  KeySchema: { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
  GlobalSecondaryIndexes: {
    IndexName: string;
    KeySchema: { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
    Projection: { ProjectionType: 'KEYS_ONLY' };
  }[];
}

/**
 * The DynamoDB table that every fanfold store works on, as the input of a `CreateTableCommand`; copy its keys and
 * its index into CDK, SAM or Terraform. Switch TTL on for the attribute `expiresAt`.
 *
 * @example
 * ```ts
 * await client.send(new CreateTableCommand(tableDefinition('fanfold')));
 * ```
 */
export function tableDefinition(tableName: string): TableDefinition {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'indexPk', 'indexSk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: INDEX_NAME,
        KeySchema: [
          { AttributeName: 'indexPk', KeyType: 'HASH' },
          { AttributeName: 'indexSk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  };
}
