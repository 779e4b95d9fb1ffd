import { expectId, invalidArgument } from './arguments.js';
import { fromItem, type Item, toItem, type Values } from './attributes.js';
import { bindExpression } from './bindExpression.js';
import { type AwsClient, expectClient, loadDynamoDB } from './peers.js';
import { queryItems } from './queryItems.js';
import { TTL_ATTRIBUTE } from './table.js';

/** Where a store keeps its items. */
export interface DynamoTable {
  /** A `DynamoDBClient` or a `DynamoDBDocumentClient`; fanfold never builds one. */
  readonly client: AwsClient;
  /** A table of the shape that `tableDefinition` gives. */
  readonly tableName: string;
}

export type ItemKey = { readonly pk: string; readonly sk: string };

/** An update under a condition; `bindExpression` says what stands for their placeholders. */
export interface ItemUpdate {
  readonly update: string;
  readonly condition: string;
  readonly values: Values;
  readonly names?: Readonly<Record<string, string>>;
  /** @default 'ALL_NEW' */
  readonly returns?: 'ALL_OLD';
}

/** `current` is what a refused write found, or what an applied one returns; `undefined` where nothing (live) stands. */
export interface ItemAnswer<R> {
  readonly applied: boolean;
  readonly current: R | undefined;
}

/** The condition that a put replaces nothing but what has expired. */
const ABSENT = 'attribute_not_exists(#pk) OR #expiresAt <= :now';

const toSeconds = (now: number) => Math.floor(now / 1_000);

/** Makes what a caller wants of what it has stored. */
type Decode<T, R> = (stored: T) => R;

function decodeLive<T, R>(item: Item | undefined, now: number, decode: Decode<T, R>): R | undefined {
  const isLive = item !== undefined && Number(item[TTL_ATTRIBUTE]?.N ?? 0) > toSeconds(now);
  return isLive ? decode(fromItem(item)) : undefined;
}

/** Strongly consistent, conditional access to single items; what has expired is not there, deleted or not. */
export function dynamoItems(table: DynamoTable) {
  const { client, tableName } = table;
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

  async function read<T, R>(itemKey: ItemKey, now: number, decode: Decode<T, R>): Promise<R | undefined> {
    const { GetItemCommand } = await commands();
    const get = { TableName: tableName, Key: toItem(itemKey), ConsistentRead: true };
    return decodeLive((await dynamo.send(new GetItemCommand(get))).Item, now, decode);
  }

  /** What came of a write. Some emulators leave what stands out of the error of a refused one: then it is read. */
  async function answer<T, R>(
    itemKey: ItemKey,
    now: number,
    decode: Decode<T, R>,
    write: () => Promise<Item | undefined>,
  ): Promise<ItemAnswer<R>> {
    try {
      const item = await write();
      return { applied: true, current: item && decode(fromItem(item)) };
    } catch (error) {
      const { name, Item } = error as { name?: unknown; Item?: Item };
      if (name !== 'ConditionalCheckFailedException') throw error;
      const isKnown = Item !== undefined && Object.keys(Item).length > 0;
      const current = isKnown ? decodeLive(Item, now, decode) : await read(itemKey, now, decode);
      return { applied: false, current };
    }
  }

  return {
    read,

    /** Puts an item where there is none. */
    async create<T, R>(
      itemKey: ItemKey,
      values: Values,
      now: number,
      decode: Decode<T, R>,
    ): Promise<ItemAnswer<R>> {
      const { PutItemCommand } = await commands();
      const item = toItem({ ...itemKey, ...values });
      const put = new PutItemCommand({
        TableName: tableName,
        Item: item,
        ConditionExpression: ABSENT,
        ...bindExpression(ABSENT, { now: toSeconds(now) }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return answer(itemKey, now, decode, async () => {
        await dynamo.send(put);
        return item;
      });
    },

    /** Puts an item, whatever stands there. */
    async replace(itemKey: ItemKey, values: Values): Promise<void> {
      const { PutItemCommand } = await commands();
      await dynamo.send(
        new PutItemCommand({ TableName: tableName, Item: toItem({ ...itemKey, ...values }) }),
      );
    },

    /** Updates a live item under a condition; never raises one that is not there. */
    async update<T, R>(
      itemKey: ItemKey,
      { update, condition, values, names, returns }: ItemUpdate,
      now: number,
      decode: Decode<T, R>,
    ): Promise<ItemAnswer<R>> {
      const { UpdateItemCommand } = await commands();
      const guarded = `attribute_exists(#pk) AND #expiresAt > :live AND ${condition}`;
      const change = new UpdateItemCommand({
        TableName: tableName,
        Key: toItem(itemKey),
        UpdateExpression: update,
        ConditionExpression: guarded,
        ...bindExpression(`${update} ${guarded}`, { ...values, live: toSeconds(now) }, names),
        ReturnValues: returns ?? 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return answer(itemKey, now, decode, async () => (await dynamo.send(change)).Attributes);
    },

    /** Up to 100 items, in the order of the wishes. */
    async readMany<T, R>(
      wishes: readonly (readonly [ItemKey, Decode<T, R>])[],
      now: number,
    ): Promise<(R | undefined)[]> {
      const { BatchGetItemCommand } = await commands();
      const found = new Map<string, Item>();
      let wanted = wishes.map(([itemKey]) => toItem(itemKey));
      for (let round = 0; wanted.length > 0; round += 1) {
        if (round > 0)
          await new Promise((resolve) =>
            setTimeout(resolve, Math.min(50 * 2 ** round, 2_000) * Math.random()),
          );
        const request = { [tableName]: { Keys: wanted, ConsistentRead: true } };
        const { Responses, UnprocessedKeys } = await dynamo.send(
          new BatchGetItemCommand({ RequestItems: request }),
        );
        for (const item of Responses?.[tableName] ?? []) found.set(`${item.pk?.S}\n${item.sk?.S}`, item);
        wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
      return wishes.map(([{ pk, sk }, decode]) => decodeLive(found.get(`${pk}\n${sk}`), now, decode));
    },

    /** All live items of a partition, ascending. */
    async *query<T>(pk: string, now: number): AsyncGenerator<T> {
      const KeyConditionExpression = '#pk = :pk';
      const bound = bindExpression(KeyConditionExpression, { pk });
      for await (const item of queryItems(table, {
        KeyConditionExpression,
        ...bound,
        ConsistentRead: true,
      })) {
        const stored = decodeLive(item, now, (live: T) => live);
        if (stored !== undefined) yield stored;
      }
    },
  };
}
