import type { ItemUpdate } from '../dynamoItem.js';
import { indexPkOf, indexSkOf } from './dynamoMeta.js';
import { childUpdate } from './dynamoNode.js';
import { MAX_EAGER_FAILURES, type MetaChange } from './fanInMeta.js';

const phases = { opening: 'opening', open: 'open', decided: 'decided', delivered: 'delivered' };
const UNDECIDED = '#phase IN (:opening, :open)';

/** The condition that the root names no other receiver. */
const isFor = (recipient: string | undefined) =>
  recipient === undefined
    ? 'attribute_not_exists(#recipient)'
    : '(attribute_not_exists(#recipient) OR #recipient = :recipient)';

/** The change as an update with the condition under which `changeMeta` allows it. */
export function metaUpdate(id: string, change: MetaChange): ItemUpdate {
  const due = 'dueAt' in change ? indexSkOf(id, change.dueAt) : undefined;
  switch (change.type) {
    case 'opened':
      return {
        update: 'SET #phase = :open, #indexSk = :due',
        condition: '#phase = :opening',
        values: { ...phases, due },
      };
    case 'allocated': {
      const { allocated, lastAllocation } = change.seen;
      const sameKey = lastAllocation ? '#allocationKey = :seenKey' : 'attribute_not_exists(#allocationKey)';
      return {
        update: 'SET #allocated = :end, #allocationKey = :key, #allocationStart = :start',
        condition: `#allocated = :allocated AND ${sameKey} AND attribute_not_exists(#total)`,
        values: { ...change.allocation, allocated, seenKey: lastAllocation?.key },
      };
    }
    case 'sealed':
      return {
        update: 'SET #total = :total, #cutShort = :cutShort',
        condition: '#allocated = :total AND attribute_not_exists(#total)',
        values: change,
      };
    case 'rolledUp':
      return childUpdate(change.offset, change.tally);
    case 'failuresSeen':
      return {
        update: 'ADD #eagerFailures :indices',
        condition: '(attribute_not_exists(#eagerFailures) OR size(#eagerFailures) <= :most)',
        values: { indices: new Set(change.indices), most: MAX_EAGER_FAILURES },
      };
    case 'closed':
      return {
        update: 'SET #closing = :closing, #indexSk = :due',
        condition: `${UNDECIDED} AND attribute_not_exists(#closing)`,
        values: { ...phases, closing: JSON.stringify(change.closing), due },
      };
    case 'rescheduled':
      return {
        update: 'SET #indexSk = :due',
        condition: '#phase <> :delivered',
        values: { ...phases, due },
      };
    case 'decided': {
      const { decision } = change;
      return {
        update: 'SET #phase = :decided, #decision = :decision, #deliveryId = :deliveryId, #indexSk = :due',
        condition: UNDECIDED,
        values: {
          ...phases,
          decision: JSON.stringify(decision),
          deliveryId: decision.deliveryId,
          due,
        },
      };
    }
    case 'leased': {
      const { recipient } = change;
      const named = recipient === undefined ? '' : ', #recipient = :recipient';
      return {
        update: `SET #leaseOwner = :owner, #leaseUntil = :until${named}`,
        condition: `#phase = :decided AND ${isFor(recipient)} AND (attribute_not_exists(#leaseOwner) OR #leaseUntil <= :now OR #leaseOwner = :owner)`,
        values: { ...phases, ...change },
      };
    }
    case 'released':
      return {
        update: 'REMOVE #leaseOwner, #leaseUntil',
        condition: '#leaseOwner = :owner',
        values: change,
      };
    case 'delivered':
      return {
        update: 'SET #phase = :delivered, #delivery = :delivery REMOVE #indexPk, #indexSk',
        condition: `#phase = :decided AND #deliveryId = :deliveryId AND ${isFor(change.recipient)}`,
        values: { ...phases, ...change },
      };
    case 'readdressed':
      return {
        update:
          'SET #phase = :decided, #recipient = :recipient, #indexPk = :indexPk, #indexSk = :due REMOVE #leaseOwner, #leaseUntil, #delivery',
        condition:
          '#phase IN (:decided, :delivered) AND (attribute_not_exists(#recipient) OR #recipient <> :recipient)',
        values: { ...phases, ...change, indexPk: indexPkOf(id), due },
      };
  }
}
