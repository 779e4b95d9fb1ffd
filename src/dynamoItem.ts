import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { expectId, invalidArgument } from './arguments.js';
import { type Item, readN, toN } from './attributes.js';
import { type AwsClient, expectClient, loadDynamoDB } from './peers.js';
import { TTL_ATTRIBUTE } from './table.js';

/** Where a store keeps its items. */
export interface DynamoTable {
  /** A `DynamoDBClient` or a `DynamoDBDocumentClient`; fanfold never builds one. */
  readonly client: AwsClient;
  /** A table of the shape that `tableDefinition` gives. */
  readonly tableName: string;
}

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Names are written as `#name` and values as `:value`; every name is a placeholder, so no reserved word bites. */
export interface ItemUpdate {
  readonly update: string;
  readonly condition: string;
  readonly values: Record<string, AttributeValue>;
  /** What a name stands for where it is not the attribute's own: a key of a map can be any text. */
  readonly names?: Record<string, string>;
  readonly returns: 'ALL_OLD' | 'ALL_NEW';
}

/** `item` is what a refused write found, or what an applied one returns; `undefined` where nothing (live) stands. */
export interface ItemAnswer {
  readonly applied: boolean;
  readonly item: Item | undefined;
}

function placeholders(...expressions: string[]): Record<string, string> {
  const names = expressions.join(' ').match(/#\w+/g) ?? [];
  return Object.fromEntries(names.map((name) => [name, name.slice(1)]));
}

/** The condition that a put replaces nothing but what has expired. */
const ABSENT = 'attribute_not_exists(#pk) OR #expiresAt <= :now';

const toSeconds = (now: number) => Math.floor(now / 1_000);
const isLive = (item: Item | undefined, now: number) =>
  item !== undefined && (readN(item, TTL_ATTRIBUTE) ?? 0) > toSeconds(now);

/** Strongly consistent, conditional access to single items; what has expired is not there, deleted or not. */
export function dynamoItems({ client, tableName }: DynamoTable) {
  const dynamo = expectClient('client', client, 'DynamoDB');
  if (typeof tableName !== 'string' || tableName === '')
    throw invalidArgument('tableName', 'the name of a table', tableName);
  expectId('tableName', tableName);
  let loaded: ReturnType<typeof loadDynamoDB> | undefined;
  // Once for each store: even an import that is cached costs a turn of the event loop, or worse under a loader.
  const commands = () => {
    loaded ??= loadDynamoDB();
    return loaded;
  };

  async function read({ pk, sk }: ItemKey, now: number): Promise<Item | undefined> {
    const { GetItemCommand } = await commands();
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
    );
    return isLive(Item, now) ? Item : undefined;
  }

  /** What stands where a condition was refused. Some emulators leave it out of the error: then it is read. */
  async function refused(error: unknown, itemKey: ItemKey, now: number): Promise<ItemAnswer> {
    const { name, Item } = error as { name?: unknown; Item?: Item };
    if (name !== 'ConditionalCheckFailedException') throw error;
    const item = Item !== undefined && Object.keys(Item).length > 0 ? Item : await read(itemKey, now);
    return { applied: false, item: isLive(item, now) ? item : undefined };
  }

  return {
    read,

    /** Puts an item where there is none. */
    async create(itemKey: ItemKey, attributes: Item, now: number): Promise<ItemAnswer> {
      const { PutItemCommand } = await commands();
      const item: Item = { pk: { S: itemKey.pk }, sk: { S: itemKey.sk }, ...attributes };
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: tableName,
            Item: item,
            ConditionExpression: ABSENT,
            ExpressionAttributeNames: placeholders(ABSENT),
            ExpressionAttributeValues: { ':now': toN(toSeconds(now)) },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { applied: true, item };
      } catch (error) {
        return refused(error, itemKey, now);
      }
    },

    /** Puts an item, whatever stands there. */
    async replace({ pk, sk }: ItemKey, attributes: Item): Promise<void> {
      const { PutItemCommand } = await commands();
      await dynamo.send(
        new PutItemCommand({ TableName: tableName, Item: { pk: { S: pk }, sk: { S: sk }, ...attributes } }),
      );
    },

    /** Updates a live item under a condition; never raises one that is not there. */
    async update(
      itemKey: ItemKey,
      { update, condition, values, names, returns }: ItemUpdate,
      now: number,
    ): Promise<ItemAnswer> {
      const { UpdateItemCommand } = await commands();
      const guarded = `attribute_exists(#pk) AND #expiresAt > :live AND ${condition}`;
      try {
        const { Attributes } = await dynamo.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: { pk: { S: itemKey.pk }, sk: { S: itemKey.sk } },
            UpdateExpression: update,
            ConditionExpression: guarded,
            ExpressionAttributeNames: { ...placeholders(update, guarded), ...names },
            ExpressionAttributeValues: { ...values, ':live': toN(toSeconds(now)) },
            ReturnValues: returns,
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { applied: true, item: Attributes };
      } catch (error) {
        return refused(error, itemKey, now);
      }
    },

    /** Up to 100 items, in the order of their keys. */
    async readMany(keys: readonly ItemKey[], now: number): Promise<(Item | undefined)[]> {
      const { BatchGetItemCommand } = await commands();
      const found = new Map<string, Item>();
      let wanted = keys.map(({ pk, sk }): Item => ({ pk: { S: pk }, sk: { S: sk } }));
      for (let round = 0; wanted.length > 0; round += 1) {
        if (round > 0)
          await new Promise((resolve) =>
            setTimeout(resolve, Math.min(50 * 2 ** round, 2_000) * Math.random()),
          );
        const request = { [tableName]: { Keys: wanted, ConsistentRead: true } };
        const { Responses, UnprocessedKeys } = await dynamo.send(
          new BatchGetItemCommand({ RequestItems: request }),
        );
        for (const item of Responses?.[tableName] ?? []) {
          if (isLive(item, now)) found.set(`${item.pk?.S}\n${item.sk?.S}`, item);
        }
        wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
      return keys.map(({ pk, sk }) => found.get(`${pk}\n${sk}`));
    },

    /** All live items of a partition, ascending. */
    async *query(pk: string, now: number): AsyncGenerator<Item> {
      const { QueryCommand } = await commands();
      let ExclusiveStartKey: Item | undefined;
      do {
        const page = await dynamo.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: '#pk = :pk',
            ExpressionAttributeNames: { '#pk': 'pk' },
            ExpressionAttributeValues: { ':pk': { S: pk } },
            ConsistentRead: true,
            ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
          }),
        );
        for (const item of page.Items ?? []) if (isLive(item, now)) yield item;
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
    },
  };
}
