import { type Item, toN, toS } from '../attributes.js';
import { type DynamoTable, dynamoItems, type ItemKey, type ItemUpdate } from '../dynamoItem.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
import type { SemaphoreStore } from './semaphoreStore.js';
import type { SlotChange, SlotHolder, Slots } from './slots.js';

const HELD = '#holders.#holder.#token = :token';

function decodeSlots(item: Item): Slots {
  const leases = Object.entries(item.holders?.M ?? {});
  return new Map(
    leases.map(([holder, { M: lease }]) => [
      holder,
      { token: lease?.token?.S ?? '', until: Number(lease?.until?.N ?? 0) },
    ]),
  );
}

/** The removal of leases that have run out, under the condition that they were not renewed. */
function eviction(expired: readonly SlotHolder[], now: number) {
  const paths = expired.map((_, i) => `#holders.#expired${i}`);
  const conditions = paths.map((path, i) => `${path}.#token = :expired${i} AND ${path}.#until <= :now`);
  return {
    remove: paths.length === 0 ? '' : ` REMOVE ${paths.join(', ')}`,
    conditions,
    names: Object.fromEntries(expired.map(({ holder }, i) => [`#expired${i}`, holder])),
    values: {
      ...Object.fromEntries(expired.map(({ token }, i) => [`:expired${i}`, toS(token)])),
      ...(expired.length === 0 ? {} : { ':now': toN(now) }),
    },
  };
}

/** The change as an update with the condition under which `changeSlots` allows it. */
function slotUpdate(change: SlotChange): ItemUpdate {
  const returns = 'ALL_NEW' as const;
  switch (change.type) {
    case 'acquired': {
      const { holder, seenToken, lease, mostHolders } = change;
      const { remove, conditions, names, values } = eviction(change.expired, change.now);
      const own = seenToken === undefined ? 'attribute_not_exists(#holders.#holder)' : HELD;
      const room = mostHolders === undefined ? [] : ['size(#holders) <= :most'];
      return {
        update: `SET #holders.#holder = :lease, #expiresAt = :expiresAt${remove}`,
        condition: [own, ...room, ...conditions].join(' AND '),
        names: { ...names, '#holder': holder },
        values: {
          ...values,
          ':lease': { M: { token: toS(lease.token), until: toN(lease.until) } },
          ':expiresAt': toN(change.expiresAt),
          ...(seenToken === undefined ? {} : { ':token': toS(seenToken) }),
          ...(mostHolders === undefined ? {} : { ':most': toN(mostHolders) }),
        },
        returns,
      };
    }
    case 'evicted': {
      const { remove, conditions, names, values } = eviction(change.expired, change.now);
      return { update: remove.trim(), condition: conditions.join(' AND '), names, values, returns };
    }
    case 'renewed': {
      const { holder, token, until, expiresAt } = change;
      return {
        update: 'SET #holders.#holder.#until = :until, #expiresAt = :expiresAt',
        condition: HELD,
        names: { '#holder': holder },
        values: { ':token': toS(token), ':until': toN(until), ':expiresAt': toN(expiresAt) },
        returns,
      };
    }
    case 'released':
      return {
        update: 'REMOVE #holders.#holder',
        condition: HELD,
        names: { '#holder': change.holder },
        values: { ':token': toS(change.token) },
        returns,
      };
  }
}

/**
 * A semaphore store on a DynamoDB table of the shape that `tableDefinition` gives: one item for each semaphore, of about
 * 100 bytes a holder. Every call is one strongly consistent, conditional call on that item.
 *
 * AWS calls and IAM actions on the table: `dynamodb:GetItem`, `PutItem`, `UpdateItem`.
 *
 * @throws FanfoldError `InvalidArgument` for a client of another service · `MissingPeer` where
 * `@aws-sdk/client-dynamodb` is not installed.
 * @example
 * ```ts
 * const store = dynamoSemaphoreStore({ client: new DynamoDBClient({}), tableName: 'fanfold' });
 * ```
 */
export function dynamoSemaphoreStore(table: DynamoTable): SemaphoreStore {
  const items = dynamoItems(table);
  const itemKey = (name: string): ItemKey => ({ pk: key('semaphore', name), sk: 'semaphore' });
  return {
    async create(name, expiresAt, now) {
      const fresh: Item = { holders: { M: {} }, [TTL_ATTRIBUTE]: toN(expiresAt) };
      const { applied, item } = await items.create(itemKey(name), fresh, now);
      return { applied, current: item && decodeSlots(item) };
    },
    async read(name, now) {
      const item = await items.read(itemKey(name), now);
      return item && decodeSlots(item);
    },
    async change(name, change, now) {
      const { applied, item } = await items.update(itemKey(name), slotUpdate(change), now);
      return { applied, current: item && decodeSlots(item) };
    },
  };
}
