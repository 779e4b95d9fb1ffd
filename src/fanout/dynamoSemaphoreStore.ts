import { type DynamoTable, dynamoItems, type ItemKey, type ItemUpdate } from '../dynamoItem.js';
import { key } from '../table.js';
import type { SemaphoreStore } from './semaphoreStore.js';
import type { SlotChange, SlotHolder, SlotLease, Slots } from './slots.js';

const HELD = '#holders.#holder.#token = :token';

/** A semaphore as it is stored. */
type StoredSlots = { readonly holders: Readonly<Record<string, SlotLease>> };

const decodeSlots = ({ holders }: StoredSlots): Slots => new Map(Object.entries(holders));

/** The removal of leases that have run out, under the condition that they were not renewed. */
function eviction(expired: readonly SlotHolder[], now: number) {
  const paths = expired.map((_, i) => `#holders.#expired${i}`);
  const conditions = paths.map((path, i) => `${path}.#token = :expired${i} AND ${path}.#until <= :now`);
  return {
    remove: paths.length === 0 ? '' : ` REMOVE ${paths.join(', ')}`,
    conditions,
    names: Object.fromEntries(expired.map(({ holder }, i) => [`expired${i}`, holder])),
    values: { now, ...Object.fromEntries(expired.map(({ token }, i) => [`expired${i}`, token])) },
  };
}

/** The change as an update with the condition under which `changeSlots` allows it. */
function slotUpdate(change: SlotChange): ItemUpdate {
  switch (change.type) {
    case 'acquired': {
      const { holder, seenToken: token, lease, mostHolders, expiresAt } = change;
      const { remove, conditions, names, values } = eviction(change.expired, change.now);
      const own = token === undefined ? 'attribute_not_exists(#holders.#holder)' : HELD;
      const room = mostHolders === undefined ? [] : ['size(#holders) <= :mostHolders'];
      return {
        update: `SET #holders.#holder = :lease, #expiresAt = :expiresAt${remove}`,
        condition: [own, ...room, ...conditions].join(' AND '),
        names: { ...names, holder },
        values: { ...values, lease: { ...lease }, expiresAt, token, mostHolders },
      };
    }
    case 'evicted': {
      const { remove, conditions, names, values } = eviction(change.expired, change.now);
      return { update: remove.trim(), condition: conditions.join(' AND '), names, values };
    }
    case 'renewed':
      return {
        update: 'SET #holders.#holder.#until = :until, #expiresAt = :expiresAt',
        condition: HELD,
        names: { holder: change.holder },
        values: { ...change },
      };
    case 'released':
      return {
        update: 'REMOVE #holders.#holder',
        condition: HELD,
        names: { holder: change.holder },
        values: { ...change },
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
    create: (name, expiresAt, now) =>
      items.create(itemKey(name), { holders: {}, expiresAt }, now, decodeSlots),
    read: (name, now) => items.read(itemKey(name), now, decodeSlots),
    change: (name, change, now) => items.update(itemKey(name), slotUpdate(change), now, decodeSlots),
  };
}
