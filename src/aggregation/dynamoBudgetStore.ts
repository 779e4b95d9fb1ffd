import { type Item, readN, readS, toN, toS } from '../attributes.js';
import { type DynamoTable, dynamoItems, type ItemKey, type ItemUpdate } from '../dynamoItem.js';
import { key, TTL_ATTRIBUTE } from '../table.js';
import type { BudgetOperation, BudgetState, SeenBudget } from './budgetState.js';
import type { BudgetStore } from './budgetStore.js';

/** A marker must not be deleted while somebody whose clock is behind still sees the budget. */
const OUTLIVES_SECONDS = 3_600;

const SAME = '#epoch = :epoch AND #expiresAt = :expiresAt';
const same = ({ epoch, expiresAt }: SeenBudget): Item => ({
  ':epoch': toN(epoch),
  ':expiresAt': toN(expiresAt),
});

function decodeBudget(item: Item): BudgetState {
  const pending = Object.entries(item.pending?.M ?? {});
  return {
    total: readN(item, 'total') ?? 0,
    epoch: readN(item, 'epoch') ?? 0,
    pending: new Map(pending.map(([operation, { N }]) => [operation, Number(N)])),
    crossedBy: readS(item, 'crossedBy'),
    expiresAt: readN(item, TTL_ATTRIBUTE) ?? 0,
  };
}

/** The operation as an update with the condition under which `countOperation` allows it. */
function countUpdate(wanted: BudgetOperation): ItemUpdate {
  const { operation, amount, seen, mostPending, atMost, over, crossedBy, isCrossed } = wanted;
  const conditions = [
    SAME,
    'attribute_not_exists(#pending.#operation)',
    'size(#pending) <= :most',
    ...(atMost === undefined ? [] : ['#total <= :atMost']),
    ...(over === undefined ? [] : ['#total > :over']),
    ...(crossedBy === undefined ? [] : ['attribute_not_exists(#crossedBy)']),
    ...(isCrossed ? ['attribute_exists(#crossedBy)'] : []),
  ];
  const crossing = crossedBy === undefined ? '' : ', #crossedBy = :crossedBy';
  return {
    update: `SET #total = #total + :amount, #pending.#operation = :amount${crossing}`,
    condition: conditions.join(' AND '),
    names: { '#operation': operation },
    values: {
      ...same(seen),
      ':amount': toN(amount),
      ':most': toN(mostPending),
      ...(atMost === undefined ? {} : { ':atMost': toN(atMost) }),
      ...(over === undefined ? {} : { ':over': toN(over) }),
      ...(crossedBy === undefined ? {} : { ':crossedBy': toS(crossedBy) }),
    },
    returns: 'ALL_NEW',
  };
}

function flushUpdate(seen: SeenBudget, operations: readonly string[]): ItemUpdate {
  const paths = operations.map((_, i) => `#pending.#operation${i}`);
  return {
    update: `SET #epoch = #epoch + :one${paths.length === 0 ? '' : ` REMOVE ${paths.join(', ')}`}`,
    condition: SAME,
    names: Object.fromEntries(operations.map((operation, i) => [`#operation${i}`, operation])),
    values: { ...same(seen), ':one': toN(1) },
    returns: 'ALL_NEW',
  };
}

/**
 * A budget store on a DynamoDB table of the shape that `tableDefinition` gives: one small item for each budget, and one
 * for each key that was counted. Every call is one strongly consistent call on one item; there are no transactions.
 *
 * AWS calls and IAM actions on the table: `dynamodb:GetItem`, `PutItem`, `UpdateItem`.
 *
 * @throws FanfoldError `InvalidArgument` for a client of another service · `MissingPeer` where
 * `@aws-sdk/client-dynamodb` is not installed.
 * @example
 * ```ts
 * const store = dynamoBudgetStore({ client: new DynamoDBClient({}), tableName: 'fanfold' });
 * ```
 */
export function dynamoBudgetStore(table: DynamoTable): BudgetStore {
  const items = dynamoItems(table);
  const budgetKey = (name: string): ItemKey => ({ pk: key('budget', name), sk: 'budget' });
  /** A later life of the same budget has markers of its own. */
  const markerKey = (name: string, operation: string, expiresAt: number): ItemKey => ({
    pk: key('budget', name, expiresAt, operation),
    sk: 'marker',
  });
  return {
    async create(name, expiresAt, now) {
      const fresh: Item = {
        total: toN(0),
        epoch: toN(0),
        pending: { M: {} },
        [TTL_ATTRIBUTE]: toN(expiresAt),
      };
      const { applied, item } = await items.create(budgetKey(name), fresh, now);
      return { applied, current: item && decodeBudget(item) };
    },
    async read(name, now) {
      const item = await items.read(budgetKey(name), now);
      return item && decodeBudget(item);
    },
    async count(name, operation, now) {
      const { applied, item } = await items.update(budgetKey(name), countUpdate(operation), now);
      return { applied, current: item && decodeBudget(item) };
    },
    async flush(name, seen, operations, now) {
      const { applied, item } = await items.update(budgetKey(name), flushUpdate(seen, operations), now);
      return { applied, current: item && decodeBudget(item) };
    },
    async putMarker(name, operation, amount, expiresAt) {
      const marker = { amount: toN(amount), [TTL_ATTRIBUTE]: toN(expiresAt + OUTLIVES_SECONDS) };
      await items.replace(markerKey(name, operation, expiresAt), marker);
    },
    async readMarker(name, operation, expiresAt, now) {
      const item = await items.read(markerKey(name, operation, expiresAt), now);
      return item && readN(item, 'amount');
    },
  };
}
