import { type DynamoTable, dynamoItems, type ItemKey, type ItemUpdate } from '../dynamoItem.js';
import { key } from '../table.js';
import type { BudgetOperation, BudgetState, SeenBudget } from './budgetState.js';
import type { BudgetStore } from './budgetStore.js';

/** A marker must not be deleted while somebody whose clock is behind still sees the budget. */
const OUTLIVES_SECONDS = 3_600;

const SAME = '#epoch = :epoch AND #expiresAt = :expiresAt';
// Those two only: a whole budget passes for what was seen of one.
const same = ({ epoch, expiresAt }: SeenBudget) => ({ epoch, expiresAt });

/** A budget as it is stored. */
type StoredBudget = Omit<BudgetState, 'pending'> & { readonly pending: Readonly<Record<string, number>> };

const decodeBudget = ({ total, epoch, pending, crossedBy, expiresAt }: StoredBudget): BudgetState => ({
  total,
  epoch,
  pending: new Map(Object.entries(pending)),
  crossedBy,
  expiresAt,
});

/** The operation as an update with the condition under which `countOperation` allows it. */
function countUpdate(wanted: BudgetOperation): ItemUpdate {
  const { operation, seen, atMost, over, crossedBy, isCrossed } = wanted;
  const conditions = [
    SAME,
    'attribute_not_exists(#pending.#operation)',
    'size(#pending) <= :mostPending',
    ...(atMost === undefined ? [] : ['#total <= :atMost']),
    ...(over === undefined ? [] : ['#total > :over']),
    ...(crossedBy === undefined ? [] : ['attribute_not_exists(#crossedBy)']),
    ...(isCrossed ? ['attribute_exists(#crossedBy)'] : []),
  ];
  const crossing = crossedBy === undefined ? '' : ', #crossedBy = :crossedBy';
  return {
    update: `SET #total = #total + :amount, #pending.#operation = :amount${crossing}`,
    condition: conditions.join(' AND '),
    names: { operation },
    values: { ...wanted, ...same(seen) },
  };
}

function flushUpdate(seen: SeenBudget, operations: readonly string[]): ItemUpdate {
  const paths = operations.map((_, i) => `#pending.#operation${i}`);
  return {
    update: `SET #epoch = #epoch + :one${paths.length === 0 ? '' : ` REMOVE ${paths.join(', ')}`}`,
    condition: SAME,
    names: Object.fromEntries(operations.map((operation, i) => [`operation${i}`, operation])),
    values: { ...same(seen), one: 1 },
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
    create(name, expiresAt, now) {
      const fresh = { total: 0, epoch: 0, pending: {}, expiresAt };
      return items.create(budgetKey(name), fresh, now, decodeBudget);
    },
    read: (name, now) => items.read(budgetKey(name), now, decodeBudget),
    count: (name, operation, now) => items.update(budgetKey(name), countUpdate(operation), now, decodeBudget),
    flush: (name, seen, operations, now) =>
      items.update(budgetKey(name), flushUpdate(seen, operations), now, decodeBudget),
    async putMarker(name, operation, amount, expiresAt) {
      const marker = { amount, expiresAt: expiresAt + OUTLIVES_SECONDS };
      await items.replace(markerKey(name, operation, expiresAt), marker);
    },
    readMarker: (name, operation, expiresAt, now) =>
      items.read(
        markerKey(name, operation, expiresAt),
        now,
        ({ amount }: { readonly amount: number }) => amount,
      ),
  };
}
